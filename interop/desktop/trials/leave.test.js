// A closed desktop gets no calls.

import assert from "node:assert/strict";
import { trial } from "../support/trial.js";

trial("closing the desktop signs the agent out", async (stage) => {
  const desk = await stage.desk("1001");
  await desk.ready();
  await desk.choose("Sign out and close");
  await desk.button("Sign in").waitFor();
  assert.equal((await stage.node.agent("1001")).state, "signed-out");
  await stage.node.call("+14155550100");
  assert.deepEqual(await stage.node.works("1001"), []);
});

trial("signing out during a call explains what happens, and does it", async (stage) => {
  await stage.node.floor((floor) => {
    for (const queue of floor.queues) queue.wrap_up_ms = 0;
  });
  const desk = await stage.desk("1001");
  await desk.ready();
  const call = await stage.node.call("+14155550100");
  await desk.answer();
  await desk.call("talking").waitFor();
  await desk.choose("Sign out and close");
  const dialog = desk.page.getByRole("dialog", { name: "Sign out" });
  await dialog.getByText("you are signed out when it ends").waitFor();
  await dialog.getByRole("button", { name: "Sign out" }).click();
  await desk.button("Sign in").waitFor();
  const agent = await stage.node.agent("1001");
  assert.deepEqual([agent.state, agent.next?.state], ["busy", "signed-out"]);
  await stage.node.hangUp(call);
  await stage.until("the agent is signed out", async () => {
    return (await stage.node.agent("1001")).state === "signed-out";
  });
});

trial("a disconnected desktop gets no calls, and shows why when it is back", async (stage) => {
  await stage.node.floor((floor) => {
    floor.desk_grace_ms = 500;
  });
  const desk = await stage.desk("1001");
  await desk.ready();
  await desk.page.goto("about:blank");
  await stage.until("the agent is not ready", async () => {
    return (await stage.node.agent("1001")).reason === "desk-lost";
  });
  await stage.node.call("+14155550100");
  assert.deepEqual(await stage.node.works("1001"), []);
  await desk.page.goBack();
  await desk.page.getByText("desktop disconnected").first().waitFor();
});

trial("an agent can force a call to end that the phone system does not end", async (stage) => {
  const desk = await stage.desk("1001");
  await desk.ready();
  await stage.node.call("+14155550100");
  await desk.answer();
  await desk.call("talking").waitFor();
  assert.equal(await desk.control("Force end").count(), 0);
  await stage.node.ask("PUT", "/simulated/faults", { once: [{ fault: "refused-request" }] });
  await desk.press("Hang up");
  await desk.press("Force end");
  await desk.page.getByText("Waiting for a call").waitFor();
  const { items } = await stage.node.ask("GET", "/history/interactions");
  assert.deepEqual([items[0].interaction.cause, items[0].interaction.forced_by], ["forced", "1001"]);
});
