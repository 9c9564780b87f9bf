// Typed notes are never lost.

import assert from "node:assert/strict";
import { trial } from "../support/trial.js";

const CALLER = "+14155550100";

async function talking(stage, { wrapUp }) {
  await stage.node.floor((floor) => {
    floor.wrap_up_ms = wrapUp;
    for (const queue of floor.queues) queue.wrap_up_ms = wrapUp;
  });
  const desk = await stage.desk("1001");
  await desk.ready();
  const call = await stage.node.call(CALLER);
  await desk.answer();
  await desk.call("talking").waitFor();
  return { desk, call };
}

function field(desk) {
  return desk.page.getByRole("textbox", { name: "Notes", exact: true });
}

/** Waits until the agent's last interaction in the history has these notes, and returns it. */
function recorded(stage, notes) {
  return stage.until(`the record has ${notes}`, async () => {
    const { items } = await stage.node.ask("GET", "/history/interactions?agent=1001");
    return items[0]?.notes === notes && items[0];
  });
}

trial("notes from the call are kept when the wrap-up time ends", async (stage) => {
  const { desk, call } = await talking(stage, { wrapUp: 3_000 });
  await desk.page.getByLabel("Disposition").selectOption("Resolved");
  await field(desk).pressSequentially("Wants an offer");
  await desk.page.getByText(/^Saved /).waitFor();
  await stage.node.hangUp(call);
  await desk.state("Wrap-up").waitFor();
  assert.equal(await field(desk).inputValue(), "Wants an offer");
  await field(desk).pressSequentially(" by Friday");
  await desk.page.getByText("Waiting for a call").waitFor();
  const record = await recorded(stage, "Wants an offer by Friday");
  assert.equal(record.disposition, "resolved");
});

trial("an unfinished note is saved when a call without wrap-up ends", async (stage) => {
  const { desk, call } = await talking(stage, { wrapUp: 0 });
  await field(desk).pressSequentially("Half a sen");
  await stage.node.hangUp(call);
  await desk.page.getByText("Waiting for a call").waitFor();
  await recorded(stage, "Half a sen");
});

trial("an unsent log entry is moved to the notes when the call ends", async (stage) => {
  const { desk, call } = await talking(stage, { wrapUp: 0 });
  await field(desk).fill("Friendly");
  await desk.page.getByLabel("Subject").fill("Invoice 4711");
  await stage.node.hangUp(call);
  await recorded(stage, "Friendly\nInvoice 4711");
});

trial("unsaved notes survive a reload", async (stage) => {
  const { desk } = await talking(stage, { wrapUp: 60_000 });
  await field(desk).pressSequentially("Not saved yet");
  await desk.page.reload();
  await desk.call("talking").waitFor();
  assert.equal(await field(desk).inputValue(), "Not saved yet");
  await desk.press("Hang up");
  await desk.button("Complete").click();
  await desk.page.getByText("Waiting for a call").waitFor();
  await recorded(stage, "Not saved yet");
});

trial("text typed while notes are saved is not overwritten", async (stage) => {
  const { desk } = await talking(stage, { wrapUp: 60_000 });
  const text = "The quick brown fox jumps over the lazy dog, and the lazy dog sleeps on.";
  // Pauses of more than a second, so that notes are saved in between.
  for (const word of text.split(/(?<= )/)) {
    await field(desk).pressSequentially(word, { delay: 15 });
    if (word.length > 4) await desk.page.waitForTimeout(1_005);
  }
  assert.equal(await field(desk).inputValue(), text);
  await stage.until(
    "the whole text is saved",
    async () => (await stage.node.works("1001"))[0].notes === text,
  );
});

trial("without the server, notes are shown as not saved, and are saved when it is back", async (stage) => {
  const { desk } = await talking(stage, { wrapUp: 60_000 });
  await stage.node.kill();
  await field(desk).pressSequentially("In the dark");
  await desk.page.getByText(/^Not saved: /).waitFor();
  await stage.node.run();
  // The demo's phones run in the hub's process, so the call ended with it.
  await stage.until("it is saved", async () => {
    const { items } = await stage.node.ask("GET", "/history/interactions?agent=1001");
    const works = await stage.node.works("1001");
    return [...items, ...works].some((one) => one.notes === "In the dark");
  });
});

function pastOf(desk) {
  return desk.page.getByRole("region", { name: "Past interactions" }).getByRole("listitem");
}

trial("an agent on a call sees the past interactions of all agents", async (stage) => {
  await stage.node.floor((floor) => {
    for (const queue of floor.queues) queue.wrap_up_ms = 60_000;
  });
  const bob = await stage.desk("1002");
  await bob.ready();
  await stage.node.call(CALLER);
  await bob.answer();
  await bob.call("talking").waitFor();
  await bob.page.getByLabel("Disposition").selectOption("Resolved");
  await field(bob).fill("Sent the invoice again");
  await bob.press("Hang up");
  await bob.button("Complete").click();
  await bob.page.getByText("Waiting for a call").waitFor();
  await bob.choose("Sign out and close");

  const ann = await stage.desk("1001");
  await ann.ready();
  await stage.node.call(CALLER);
  await ann.answer();
  const entry = pastOf(ann);
  await entry.getByText("Sent the invoice again").waitFor();
  assert.equal(await entry.count(), 1);
  const name = (await stage.node.agent("1002")).name;
  for (const words of [name, "Resolved"]) await entry.getByText(words).waitFor();

  // A consulted colleague sees the customer and the same past interactions.
  const eve = await stage.desk("1003");
  await ann.reach("Consult", "1003");
  await eve.answer();
  await eve.page.getByText("This call is about").waitFor();
  await pastOf(eve).getByText("Sent the invoice again").waitFor();
});
