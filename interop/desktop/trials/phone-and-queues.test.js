// An agent changes the phone and the queues in the desktop, and keeps the state.

import assert from "node:assert/strict";
import { trial } from "../support/trial.js";

trial("an agent moves to another phone and keeps the state", async (stage) => {
  const desk = await stage.desk("1001");
  const other = await stage.desk("1002");
  await desk.ready();
  const dialog = desk.page.getByRole("dialog", { name: "Phone and queues" });
  const phone = dialog.getByLabel("Phone", { exact: true });
  const open = async () => {
    await desk.choose("Phone and queues…");
    await phone.waitFor();
  };

  await open();
  assert.equal(await phone.inputValue(), "1001");
  assert.equal(await phone.evaluate((field) => field === document.activeElement), true, "the focus");
  // By keyboard: the number, and Enter.
  await phone.fill("1002");
  await desk.page.keyboard.press("Enter");
  await dialog.getByRole("alert").getByText("1002 is in use").waitFor();
  await phone.fill("9999");
  await desk.page.keyboard.press("Enter");
  await dialog.getByRole("alert").getByText("9999 does not exist").waitFor();
  await desk.page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  assert.equal((await stage.node.agent("1001")).device, "1001");

  // Agent 1002 leaves, so the phone is free.
  await stage.node.ask("POST", "/agents/1002/commands", { verb: "sign-out" });
  await other.state("Signed out").waitFor();
  await open();
  await phone.fill("1002");
  const { queues } = await stage.node.agent("1001");
  await dialog.getByRole("switch").first().focus();
  await desk.page.keyboard.press("Space");
  await dialog.getByRole("button", { name: "Apply" }).click();
  await dialog.waitFor({ state: "hidden" });
  await desk.state("Ready").waitFor();
  const moved = await stage.node.agent("1001");
  assert.deepEqual([moved.device, moved.state], ["1002", "ready"]);
  assert.equal(Math.abs(moved.queues.length - queues.length), 1, "one queue more, or one less");
});
