// No state is lost by a reload, by several tabs, or when the hub is killed.

import assert from "node:assert/strict";
import { Desk } from "../support/desk.js";
import { harmonyPhone } from "../support/harmony.js";
import { countSounds } from "../support/sounds.js";
import { trial } from "../support/trial.js";

const CALLER = "+14155550100";

async function talking(stage, agent = "1001") {
  const desk = await stage.desk(agent);
  await desk.ready();
  await stage.node.call(CALLER);
  await desk.answer();
  await desk.call("talking").waitFor();
  return desk;
}

trial("a reload during a call keeps all state", async (stage) => {
  const desk = await talking(stage);
  await desk.page.reload();
  await desk.call("talking").waitFor();
  await desk.state("Busy").waitFor();
  await desk.press("Hold");
  await desk.call("on hold").waitFor();
});

trial("two tabs show the same state, and one plays the ringtone", async (stage) => {
  const seat = await stage.seat({ permissions: ["notifications"] });
  await seat.context.addInitScript(countSounds);
  const one = await openSignedIn(stage, seat);
  const other = await one.another();
  await other.state("").waitFor();
  await one.ready();
  await other.state("Ready").waitFor();
  await stage.node.call(CALLER);
  await one.ring().waitFor();
  await other.ring().waitFor();
  const rings = await stage.until("the ringtone plays", async () => {
    const sounds = await Promise.all([one, other].map((desk) => desk.page.evaluate(() => window.sounds)));
    return sounds.some((count) => count > 0) && sounds;
  });
  assert.equal(rings.filter((count) => count > 0).length, 1, `sounds in the tabs: ${rings}`);
  await other.answer();
  await one.call("talking").waitFor();
  await one.ring().waitFor({ state: "hidden" });
});

trial("desktops resume after the hub is killed and restarted", async (stage) => {
  const desk = await stage.desk("1001");
  await desk.ready();
  await stage.node.kill();
  await desk.page.getByText(/^Reconnecting…/).waitFor();
  const subscriptions = subscriptionsOf(desk.page);
  await stage.node.run();
  await desk.page.getByText(/^Reconnecting…/).waitFor({ state: "hidden" });
  await desk.state("Ready").waitFor();
  assert.ok(subscriptions.at(-1)?.after > 0, "the stream resumed at its cursor");
  await stage.node.call(CALLER);
  await desk.answer();
  await desk.call("talking").waitFor();
});

trial("a call continues while the hub is killed and restarted", async (stage) => {
  const somebodyCalls = await harmonyPhone(stage);
  const desk = await stage.desk("1101");
  await desk.ready();
  await somebodyCalls(CALLER);
  await desk.answer();
  await desk.call("talking").waitFor();
  await stage.node.kill();
  await desk.page.getByText(/^Reconnecting…/).waitFor();
  const subscriptions = subscriptionsOf(desk.page);
  await stage.node.run();
  await desk.page.getByText(/^Reconnecting…/).waitFor({ state: "hidden" });
  assert.ok(subscriptions.at(-1)?.after > 0, "the stream resumed at its cursor");
  await desk.call("talking").waitFor();
  await desk.control("Hold").waitFor();
  await desk.press("Hold");
  await desk.call("on hold").waitFor();
  await desk.press("Resume");
  await desk.call("talking").waitFor();
  await desk.press("Hang up");
  await desk.page.getByText("Waiting for a call").waitFor();
});

trial("a hub that is killed during a call reports afterwards that the call was lost", async (stage) => {
  const desk = await talking(stage);
  await stage.node.kill();
  await desk.page.getByText(/^Reconnecting…/).waitFor();
  const subscriptions = subscriptionsOf(desk.page);
  await stage.node.run();
  await desk.page.getByText(/^Reconnecting…/).waitFor({ state: "hidden" });
  assert.ok(subscriptions.at(-1)?.after > 0, "the stream resumed at its cursor");
  // The demo's phones run in the hub's process, so the call ended with it. The hub reports that.
  await desk.page.getByText("Waiting for a call").waitFor();
  await desk.tab("History").click();
  await desk.page.getByRole("row").getByText("lost").waitFor();
});

async function openSignedIn(stage, seat) {
  const desk = await Desk.open(stage.node, "1001", seat);
  await desk.signIn();
  return desk;
}

/** Collects the first message of each new event stream. */
function subscriptionsOf(page) {
  const said = [];
  page.on("websocket", (socket) => {
    socket.on("framesent", ({ payload }) => {
      const message = JSON.parse(payload);
      if (message.type === "subscribe") said.push(message);
    });
  });
  return said;
}
