// After a sign-out the agent gets no calls, and click-to-dial is disabled in the CRM page.

import assert from "node:assert/strict";
import { trial } from "../../desktop/support/trial.js";
import { Host } from "../support/host.js";

/** Whether click-to-dial is enabled, by the last message to the CRM page. */
async function clicks(host) {
  return (await host.heard("requestEnableClickToDial")).at(-1)?.data.isEnabled;
}

trial("signing out of the softphone signs the agent out and disables click-to-dial", async (stage) => {
  const host = await Host.atWork(stage, { ready: true });
  await stage.until("click-to-dial is enabled", async () => (await clicks(host)) === true);
  await host.phone.choose("Sign out and close");
  await host.phone.button("Sign in").waitFor();
  assert.equal((await stage.node.agent("1001")).state, "signed-out");
  assert.equal(await clicks(host), false);
  await stage.node.call("+14155550100");
  assert.deepEqual(await stage.node.works("1001"), []);
  await host.phone.signIn();
  await host.phone.signInAgent();
  await stage.until("click-to-dial is enabled again", async () => (await clicks(host)) === true);
});

trial("signing out during a call explains what happens, and does it", async (stage) => {
  await stage.node.floor((floor) => {
    for (const queue of floor.queues) queue.wrap_up_ms = 0;
  });
  const host = await Host.atWork(stage, { ready: true });
  const call = await stage.node.call("+14155550100");
  await host.phone.button("Answer").click();
  await host.phone.button("Hang up").waitFor();
  await host.phone.choose("Sign out and close");
  const dialog = host.phone.frame.getByRole("dialog", { name: "Sign out" });
  await dialog.getByText("you are signed out when it ends").waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await dialog.waitFor({ state: "hidden" });
  assert.equal((await stage.node.agent("1001")).next ?? null, null);

  await host.phone.choose("Sign out and close");
  await dialog.getByRole("button", { name: "Sign out" }).click();
  await host.phone.button("Sign in").waitFor();
  assert.equal(await clicks(host), false);
  const agent = await stage.node.agent("1001");
  assert.deepEqual([agent.state, agent.next?.state], ["busy", "signed-out"]);
  await stage.node.hangUp(call);
  await stage.until("the agent is signed out", async () => {
    return (await stage.node.agent("1001")).state === "signed-out";
  });
});

trial("click-to-dial is disabled when the token becomes invalid", async (stage) => {
  const host = await Host.atWork(stage);
  await stage.until("click-to-dial is enabled", async () => (await clicks(host)) === true);
  const token = await host.page
    .frames()
    .at(-1)
    .evaluate(() => JSON.parse(sessionStorage.getItem("cordboard.account")).token);
  const answer = await fetch(`${stage.node.url}/api/v1/sign-out`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
  });
  assert.ok(answer.ok);
  // The server closes the sockets of the token immediately.
  await host.phone.button("Sign in").waitFor();
  await stage.until("click-to-dial is disabled", async () => (await clicks(host)) === false);
});
