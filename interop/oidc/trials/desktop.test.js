// Sign-in at the desktop.

import assert from "node:assert/strict";
import { violations } from "../../desktop/support/axe.js";
import { Desk } from "../../desktop/support/desk.js";
import { trial } from "../../desktop/support/trial.js";
import { atProvider, ISSUER, NAME, Provider, SIGN_IN, signInAt } from "../support/provider.js";

/** A person signs in at the desktop. */
async function signIn(stage, person, seat) {
  const desk = await Desk.open(stage.node, person, seat ?? (await stage.seat()));
  await desk.button(SIGN_IN).click();
  await signInAt(desk.page, person);
  return desk;
}

/** All addresses that a page asks for from now on. */
function addresses(page) {
  const seen = [];
  page.on("request", (request) => seen.push(request.url()));
  page.on("framenavigated", (frame) => seen.push(frame.url()));
  return seen;
}

const accountOf = (page) => page.evaluate(() => JSON.parse(sessionStorage.getItem("cordboard.account")));

trial(
  "an agent signs in, takes a call, and is still signed in after a reload",
  async (stage) => {
    await Provider.start(stage);
    const desk = await Desk.open(stage.node, "1001", await stage.seat());
    const seen = addresses(desk.page);
    assert.deepEqual(await violations(desk.page), []);
    await desk.button(SIGN_IN).click();
    await signInAt(desk.page, "1001");
    await desk.state("Not ready").waitFor();
    await desk.ready();
    await stage.node.call("+14155550100");
    await desk.answer();
    await desk.call("talking").waitFor();

    await desk.page.reload();
    await desk.call("talking").waitFor();
    const { token, principal } = await accountOf(desk.page);
    assert.deepEqual(principal, { account: "1001", role: "agent", agent: "1001" });
    assert.equal(await desk.page.evaluate(() => sessionStorage.getItem("cordboard.sign-in")), null);
    assert.ok(seen.some((address) => address.startsWith(ISSUER)));
    assert.ok(seen.some((address) => address.includes("/sign-in/?code=")));
    assert.deepEqual(
      seen.filter((address) => address.includes(token)),
      [],
      "the token is in no address",
    );
    assert.ok(!stage.node.log.some((line) => line.includes(token)), "nor in the log");
    assert.equal(new URL(desk.page.url()).href, `${stage.node.url}/`);
  },
  atProvider(),
);

trial(
  "the sign-in survives a restart of the node",
  async (stage) => {
    await Provider.start(stage);
    const desk = await signIn(stage, "1002");
    await desk.tab("Overview").waitFor();
    await stage.node.kill();
    await stage.node.run();
    await desk.page.reload();
    await desk.tab("Overview").waitFor();
    assert.equal((await accountOf(desk.page)).principal.role, "supervisor");
  },
  atProvider(),
);

trial(
  "a phone that was entered before the sign-in is used",
  async (stage) => {
    await Provider.start(stage);
    const desk = await Desk.open(stage.node, "1001", await stage.seat());
    await desk.page.getByLabel("Phone").fill("1015");
    await desk.button(SIGN_IN).click();
    await signInAt(desk.page, "1001");
    await desk.state("Not ready").waitFor();
    assert.equal((await stage.node.agent("1001")).device, "1015");
  },
  atProvider(),
);

trial(
  "supervisors and admins have the role of their groups",
  async (stage) => {
    await Provider.start(stage);
    const supervisor = await signIn(stage, "1002");
    await supervisor.tab("Overview").waitFor();
    assert.equal((await accountOf(supervisor.page)).principal.role, "supervisor");
    const admin = await signIn(stage, "admin");
    await admin.page.getByRole("heading", { name: "Queues" }).first().waitFor();
    assert.equal((await accountOf(admin.page)).principal.role, "admin");
  },
  atProvider(),
);

trial(
  "a person without a group is refused, with the reason",
  async (stage) => {
    await Provider.start(stage);
    const desk = await signIn(stage, "visitor");
    const text = `${NAME} has signed you in, but you may not use Cordboard. (account visitor has no role`;
    await desk.page.getByRole("alert").filter({ hasText: text }).waitFor();
    await stage.until("a line in the log", () =>
      stage.node.log.some((line) => line.includes("sign-in through the provider failed")),
    );

    const german = await signInInGerman(stage, "visitor", { locale: "de-DE" });
    await german.getByRole("alert").filter({ hasText: "Sie dürfen Cordboard nicht verwenden" }).waitFor();
  },
  atProvider(),
);

/** A person signs in with the pages in German. */
async function signInInGerman(stage, person, options) {
  const seat = await stage.seat(options);
  const page = await seat.tab();
  await page.goto(stage.node.url);
  await page.getByRole("button", { name: `Anmelden mit ${NAME}` }).click();
  await signInAt(page, person);
  return page;
}

trial(
  "an unknown person is refused, if only accounts of the directory may sign in",
  async (stage) => {
    await Provider.start(stage);
    const desk = await signIn(stage, "1001");
    await desk.state("Not ready").waitFor();
    const visitor = await signIn(stage, "visitor");
    await visitor.page.getByRole("alert").filter({ hasText: "there is no account visitor" }).waitFor();
  },
  atProvider({ CORDBOARD_OIDC__UNKNOWN_PERSONS: "refuse" }),
);

trial(
  "a person who does not sign in at the provider is told so",
  async (stage) => {
    await Provider.start(stage);
    const desk = await Desk.open(stage.node, "1001", await stage.seat());
    await desk.button(SIGN_IN).click();
    await desk.page.getByRole("link", { name: "Cancel" }).click();
    await desk.page.getByRole("alert").filter({ hasText: "access_denied" }).waitFor();
    await desk.button(SIGN_IN).waitFor();
  },
  atProvider(),
);

trial(
  "an answer of the provider that this browser did not ask for signs nobody in",
  async (stage) => {
    await Provider.start(stage);
    // Somebody begins a sign-in, signs in at the provider, and sends the address of the answer to somebody else.
    const begun = await fetch(`${stage.node.url}/api/v1/sign-in/oidc`, { method: "POST" });
    const page = await (await stage.seat()).tab();
    const seen = addresses(page);
    await page.goto((await begun.json()).url);
    await signInAt(page, "1001");
    await page.getByText("This sign-in was not started in this window").waitFor();
    const answer = seen.find((address) => address.includes("/sign-in/?code="));

    const other = await (await stage.seat()).tab();
    await other.goto(answer);
    await other.getByText("This sign-in was not started in this window").waitFor();
    assert.equal(new URL(other.url()).search, "", "the code is not in the history");
    await other.getByRole("link", { name: "Open Cordboard" }).click();
    await other.getByRole("button", { name: SIGN_IN }).waitFor();
    assert.deepEqual(await violations(other), []);
  },
  atProvider(),
);

trial(
  "without passwords, people sign in with the provider only",
  async (stage) => {
    await Provider.start(stage);
    const desk = await signIn(stage, "1001");
    await desk.state("Not ready").waitFor();
    const other = await Desk.open(stage.node, "1002", await stage.seat());
    await other.button(SIGN_IN).waitFor();
    assert.equal(await other.page.getByLabel("Password").count(), 0);
    const response = await fetch(`${stage.node.url}/api/v1/sign-in`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ account: "1002", password: "demo" }),
    });
    assert.equal(response.status, 403);
  },
  atProvider({ CORDBOARD_OIDC__PASSWORDS: "false" }),
);

trial(
  "a person signs out of Cordboard, and signs in again without entering a password",
  async (stage) => {
    await Provider.start(stage);
    const desk = await signIn(stage, "1001");
    await desk.state("Not ready").waitFor();
    const { token } = await accountOf(desk.page);
    await desk.choose("Sign out and close");
    await desk.button(SIGN_IN).waitFor();
    const me = await fetch(`${stage.node.url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(me.status, 401);
    await desk.button(SIGN_IN).click();
    await desk.state("Not ready").waitFor();
  },
  atProvider(),
);

trial(
  "a person signs out at the provider too, if it is configured",
  async (stage) => {
    await Provider.start(stage);
    const desk = await signIn(stage, "1001");
    await desk.state("Not ready").waitFor();
    await desk.choose("Sign out and close");
    await desk.page.getByRole("button", { name: "Yes, sign me out" }).click();
    await desk.button(SIGN_IN).click();
    await desk.page.getByPlaceholder("Enter any login").waitFor();
  },
  atProvider({ CORDBOARD_OIDC__SIGN_OUT_AT_PROVIDER: "true" }),
);

trial(
  "a provider that cannot be reached is named, and comes back",
  async (stage) => {
    const desk = await Desk.open(stage.node, "1001", await stage.seat());
    await desk.button(SIGN_IN).click();
    await desk.page
      .getByRole("alert")
      .filter({ hasText: `${NAME} cannot be reached at the moment.` })
      .waitFor();
    await Provider.start(stage);
    await stage.until("the page of the provider", async () => {
      await desk
        .button(SIGN_IN)
        .click({ timeout: 1_000 })
        .catch(() => {});
      return desk.page.url().startsWith(ISSUER);
    });
    await signInAt(desk.page, "1001");
    await desk.state("Not ready").waitFor();
  },
  atProvider(),
);

trial(
  "another issuer than the configured one is not used",
  async (stage) => {
    await Provider.start(stage);
    const desk = await Desk.open(stage.node, "1001", await stage.seat());
    await desk.button(SIGN_IN).click();
    await desk.page.getByRole("alert").filter({ hasText: "describes the issuer" }).waitFor();
  },
  // The same provider under another name than it has itself.
  atProvider({ CORDBOARD_OIDC__ISSUER: ISSUER.replace("localhost", "127.0.0.1") }),
);
