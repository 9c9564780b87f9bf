// Keyboard shortcuts never react to typed text.

import assert from "node:assert/strict";
import { trial } from "../support/trial.js";

const CALLER = "+14155550100";

async function talking(stage) {
  const desk = await stage.desk("1001");
  await desk.ready();
  await stage.node.call(CALLER);
  await desk.answer();
  await desk.call("talking").waitFor();
  return desk;
}

/** The state of the agent's call at the server. */
async function leg(stage) {
  const [work] = await stage.node.works("1001");
  return work?.primary?.state;
}

trial("text typed after pressing Log goes into the next entry", async (stage) => {
  const desk = await talking(stage);
  const { keyboard } = desk.page;
  await desk.page.getByLabel("Subject").fill("Asked for Bea");
  await desk.button("Log").click();
  await keyboard.type("she will ring back");
  assert.equal(await desk.page.getByLabel("Subject").inputValue(), "she will ring back");
  await desk.page.getByText("Asked for Bea").waitFor();
  assert.equal(await leg(stage), "talking");
});

trial("an opened form has the focus before the next key", async (stage) => {
  const desk = await talking(stage);
  const { keyboard } = desk.page;
  await keyboard.press("l");
  await keyboard.type("she will");
  assert.equal(await desk.page.getByLabel("Subject").inputValue(), "she will");
  await keyboard.press("Escape");
  await desk.page.locator("h2").filter({ visible: true }).first().click();
  for (const [key, title] of [
    ["c", "Consult"],
    ["t", "Transfer"],
  ]) {
    await keyboard.press(key);
    await keyboard.type("hex");
    const dialog = desk.page.getByRole("dialog", { name: title });
    assert.equal(await dialog.getByLabel("Number or name").inputValue(), "hex");
    await keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
  }
  await desk.control("Consult").focus();
  await keyboard.press("Enter");
  await keyboard.type("hex");
  await keyboard.press("Escape");
  await desk.page.getByRole("dialog").waitFor({ state: "hidden" });
  const focused = () => desk.page.evaluate(() => document.activeElement?.textContent);
  await stage.until("the focus is restored", async () => (await focused()) === "Consult");
  assert.equal(await leg(stage), "talking");
});

trial("shortcuts work after a tab was clicked, and A works everywhere", async (stage) => {
  const desk = await stage.desk("1001");
  const { keyboard } = desk.page;
  await desk.ready();
  await desk.tab("History").click();
  await stage.node.call(CALLER);
  await desk.ring().waitFor();
  await keyboard.press("a");
  await desk.call("talking").waitFor();
  await desk.tab("History").click();
  await keyboard.type("hmx");
  await desk.tab("Work").click();
  assert.equal(await leg(stage), "talking");
  await keyboard.press("h");
  await desk.call("on hold").waitFor();
  await keyboard.press("h");
  await desk.call("talking").waitFor();

  await stage.node.call("+14155550101", "1001");
  await desk.ring().waitFor();
  await desk.button("Settings").click();
  await desk.page.getByRole("dialog", { name: "Settings" }).waitFor();
  await keyboard.press("a");
  await desk.ring().waitFor({ state: "hidden" });
});

trial("Alt+End hangs up, and no letter does", async (stage) => {
  const desk = await talking(stage);
  const { keyboard } = desk.page;
  assert.equal(await desk.control("Hang up").getAttribute("title"), "Key: Alt+End");
  await keyboard.press("e");
  await keyboard.press("Shift+E");
  await keyboard.press("Shift+H");
  await keyboard.press("Control+h");
  await keyboard.press("Alt+h");
  assert.equal(await leg(stage), "talking");
  await keyboard.press("Alt+End");
  await stage.until("it is over", async () => (await leg(stage)) === undefined);
});
