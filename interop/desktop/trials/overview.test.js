// The overview for supervisors and administrators, and for accounts without an agent.

import assert from "node:assert/strict";
import { violations } from "../support/axe.js";
import { Desk } from "../support/desk.js";
import { PASSWORD } from "../support/node.js";
import { trial } from "../support/trial.js";

/** Opens the page and signs in with an account. */
async function signIn(stage, account, options) {
  const desk = await Desk.open(stage.node, account, await stage.seat(options));
  await desk.page.getByLabel("Account", { exact: true }).fill(account);
  await desk.page.getByLabel("Password").fill(PASSWORD);
  await desk.button("Sign in").click();
  return desk;
}

function region(desk, name) {
  return desk.page.getByRole("region", { name, exact: true });
}

for (const theme of ["light", "dark"]) {
  trial(`an administrator sees the live overview and can sign out, ${theme}`, async (stage) => {
    const desk = await signIn(stage, "admin", { theme });
    const { page } = desk;
    await region(desk, "Account").getByText("Administrator").waitFor();
    const ann = region(desk, "Agents").getByRole("row").filter({ hasText: "1001" });
    await ann.getByText("Signed out").waitFor();
    await stage.node.ask("POST", "/agents/1001/commands", { verb: "sign-in" }, "1001");
    await ann.getByText("Not ready").waitFor();
    await stage.node.call("+14155550100", "7700");
    const waiting = region(desk, "Queues")
      .getByRole("row")
      .filter({ hasText: "7700" })
      .getByRole("cell")
      .nth(2);
    await waiting.getByText("1", { exact: true }).waitFor();
    await page.getByText(`cordboard apply floor.toml --url ${stage.node.url}`).waitFor();
    assert.deepEqual(await violations(page), []);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
  });
}

trial("a supervisor sees the overview first, and can work as an agent", async (stage) => {
  const desk = await signIn(stage, "1900");
  await region(desk, "Account").getByText("Supervisor").waitFor();
  assert.equal(await desk.page.getByText("apply floor.toml").count(), 0);
  assert.equal((await stage.node.agent("1900")).state, "signed-out");
  await desk.choose("Sign in");
  await desk.ready();
  await stage.node.call("+14155550100", "1900");
  await desk.answer();
  await desk.call("talking").waitFor();
});

trial("a wrong password is reported in the language of the browser", async (stage) => {
  const desk = await Desk.open(stage.node, "1001", await stage.seat({ locale: "de-DE" }));
  await desk.page.getByLabel("Konto", { exact: true }).fill("1001");
  await desk.page.getByLabel("Passwort").fill("wrong");
  await desk.button("Anmelden").click();
  await desk.page.getByText("Konto oder Passwort ist falsch").waitFor();
});

for (const locale of ["en-US", "de-DE"]) {
  trial(`the overview fits into a narrow window, ${locale}`, async (stage) => {
    const desk = await Desk.open(stage.node, "admin", await stage.seat({ width: 360, height: 740, locale }));
    await desk.page.locator("input").first().fill("admin");
    await desk.page.locator("input[type=password]").fill(PASSWORD);
    await desk.page.locator("button[type=submit]").click();
    await desk.page.getByText("1001").first().waitFor();
    const wide = await desk.page.evaluate(() => document.scrollingElement.scrollWidth);
    assert.ok(wide <= 360, `the page is ${wide} wide`);
  });
}
