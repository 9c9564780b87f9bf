// A call from the first ring to the history.

import assert from "node:assert/strict";
import { trial } from "../support/trial.js";

const CALLER = "+14155550100";

trial(
  "a call is answered, consulted, swapped, transferred, wrapped up and shown in the history",
  async (stage) => {
    await stage.node.floor((floor) => {
      floor.wrap_up_ms = 60_000;
      for (const queue of floor.queues) queue.wrap_up_ms = 60_000;
    });
    const ann = await stage.desk("1001");
    const bob = await stage.desk("1002");
    await ann.ready();
    await stage.node.call(CALLER, "7700", { data: { AccountCode: "4711" } });
    await ann.answer();
    await ann.call("talking").waitFor();
    await ann.page.getByText("4711").first().waitFor();

    await ann.press("Hold");
    await ann.call("on hold").waitFor();
    await ann.press("Resume");
    await ann.call("talking").waitFor();

    await ann.reach("Consult", "1002");
    await bob.answer();
    await ann.leg("Consult", "talking").waitFor();
    await ann.leg("Customer", "on hold").waitFor();
    await ann.press("Swap");
    await ann.leg("Customer", "talking").waitFor();
    await ann.leg("Consult", "on hold").waitFor();
    await ann.press("Complete transfer");

    await ann.state("Wrap-up").waitFor();
    await ann.page.getByLabel("Disposition").selectOption("Resolved");
    await ann.page.getByLabel("Notes").fill("Passed on to Bob.");
    await ann.button("Complete").click();
    await ann.page.getByText("Waiting for a call").waitFor();
    await ann.state("Ready").waitFor();

    await bob.call("talking").waitFor();
    await ann.tab("History").click();
    const row = ann.page.getByRole("row").filter({ hasText: "Passed on to Bob." });
    await row.getByText("Resolved").waitFor();

    const { items } = await stage.node.ask("GET", "/history/interactions?agent=1001");
    assert.equal(items.length, 1);
    assert.equal(items[0].disposition, "resolved");
    await bob.press("Hang up");
    await bob.state("Wrap-up").waitFor();
  },
);

trial("a rejected call is offered again to an agent who is ready", async (stage) => {
  const ann = await stage.desk("1001");
  await ann.ready();
  await stage.node.call(CALLER);
  await ann.ring().getByRole("button", { name: "Reject" }).click();
  await ann.ring().waitFor({ state: "hidden" });
  await ann.state("Not ready").waitFor();
  assert.equal((await stage.node.agent("1001")).reason, "rejected");
  await ann.choose("Ready");
  await ann.ring().waitFor();
});

trial("a call from the dial pad is muted and recorded, and sends digits", async (stage) => {
  const ann = await stage.desk("1001");
  await ann.reach("Call", "+14155550177");
  await ann.call("talking").waitFor();
  await ann.press("Mute");
  await ann.control("Unmute").waitFor();
  await ann.press("Record");
  await ann.press("Pause recording");
  await ann.control("Resume recording").waitFor();
  await ann.press("Digits");
  const pad = ann.page.getByRole("dialog", { name: "Digits" });
  await pad.getByRole("button", { name: /\b5\b/ }).click();
  await pad.getByLabel("Sent").getByText("5").waitFor();
  await ann.page.keyboard.press("Escape");
  await pad.waitFor({ state: "hidden" });
  await ann.press("Hang up");
  await ann.page.getByText("No interactions").waitFor();
  const { items } = await stage.node.ask("GET", "/history/interactions?agent=1001");
  assert.equal(items[0].interaction.recording, true);
});

trial("a consult is merged, and a call is transferred blind", async (stage) => {
  const ann = await stage.desk("1001");
  const bob = await stage.desk("1002");
  await ann.ready();
  await stage.node.call(CALLER);
  await ann.answer();
  await ann.call("talking").waitFor();
  await ann.reach("Consult", "1002");
  await bob.answer();
  await ann.leg("Consult", "talking").waitFor();
  await ann.press("Merge");
  await stage.until(
    "three talk",
    async () => (await stage.node.works("1001"))[0].primary?.parties.length === 2,
  );
  await bob.press("Hang up");
  await stage.until(
    "two talk",
    async () => (await stage.node.works("1001"))[0].primary?.parties.length === 1,
  );
  await stage.node.phone("1003", "auto");
  await ann.reach("Transfer", "1003");
  await ann.page.getByText("Waiting for a call").waitFor();
  const { items } = await stage.node.ask("GET", "/simulated/calls");
  assert.equal(items.length, 1, "the customer still has a call");
});

trial("the agent chooses between two contacts with the caller's number", async (stage) => {
  const contact = (id, name) => ({ id, name, numbers: ["+14155550155"] });
  await stage.node.ask("PUT", "/contacts/E-1", contact("E-1", "Erin First"), "admin");
  await stage.node.ask("PUT", "/contacts/E-2", contact("E-2", "Finn Second"), "admin");
  const desk = await stage.desk("1001");
  await desk.ready();
  await stage.node.call("+14155550155");
  await desk.answer();
  await desk.page.getByText("2 contacts have this number").waitFor();
  await desk.page.getByRole("button", { name: "Finn Second" }).click();
  await stage.until("the contact is set", async () => {
    const [work] = await stage.node.works("1001");
    return work.contact?.id === "E-2";
  });
  await desk.page.getByText("2 contacts have this number").waitFor({ state: "detached" });
});
