// The MAX desk page inside a simulated MAX: a call of one agent is handled at the desktop of another.

import assert from "node:assert/strict";
import { Desk } from "../../desktop/support/desk.js";
import { PASSWORD } from "../../desktop/support/node.js";
import { trial } from "../../desktop/support/trial.js";

/** MAX is the desktop at the IP address. The desk page comes from the same server by host name, which is another origin. */
const asMax = ({ http }) => ({
  CORDBOARD_MAX__DESK__ID: "far",
  CORDBOARD_MAX__DESK__ORIGINS: `["http://127.0.0.1:${http}"]`,
});

/** Agent 1001 has MAX with the desk page in it. That MAX is the phone of agent 1002. */
async function maxWithPage(stage) {
  const page = `http://localhost:${stage.node.ports.http}/max-desk`;
  stage.origins.push(new URL(page).origin);
  await stage.node.floor((floor) => {
    floor.agents.find(({ id }) => id === "1002").switch = "far";
    floor.pages = [{ id: "cordboard", title: "Cordboard", url: page, place: "workspace" }];
  });
  const max = await stage.desk("1001");
  return { max, frame: await max.workspace("Cordboard") };
}

async function signIn(frame, account) {
  await frame.getByLabel("Account").fill(account);
  await frame.getByLabel("Password").fill(PASSWORD);
  await frame.getByRole("button", { name: "Sign in" }).click();
}

const seesState = (frame, text) => frame.getByRole("status").getByText(text).waitFor();

trial(
  "a call in MAX rings, is answered, held and ended at the hub",
  async (stage) => {
    const { max, frame } = await maxWithPage(stage);
    await seesState(frame, "Sign in to connect your calls");
    await signIn(frame, "1002");
    await seesState(frame, "Your calls in MAX are connected");
    const far = await stage.desk("1002");
    await max.ready();
    await far.state("Ready").waitFor();
    const call = await stage.node.call("+14155550100", "7700");
    await max.ring().waitFor();
    await far.answer();
    await max.tab("Work").click();
    await max.call("talking").waitFor();
    await far.call("talking").waitFor();
    await far.press("Hold");
    await max.call("on hold").waitFor();
    await far.press("Resume");
    await far.call("talking").waitFor();
    await stage.node.hangUp(call);
    await far.page.getByText("Waiting for a call").waitFor();
    await max.page.getByText("Waiting for a call").waitFor();
  },
  asMax,
);

trial(
  "the desk page shows its status, reconnects when MAX is reloaded, and disconnects",
  async (stage) => {
    const { max, frame } = await maxWithPage(stage);
    await signIn(frame, "1003");
    await seesState(frame, "has no phone on switch far");
    await signIn(frame, "1002");
    await seesState(frame, "Your calls in MAX are connected");
    await max.page.reload();
    const again = await max.workspace("Cordboard");
    // This browser blocks storage in frames of another site.
    await signIn(again, "1002");
    await seesState(again, "Your calls in MAX are connected");
    await again.getByRole("button", { name: "Sign out" }).click();
    await seesState(again, "Sign in to connect your calls");
    const { items } = await stage.node.ask("GET", "/switches");
    assert.equal(items.find(({ id }) => id === "far").up, false);
  },
  asMax,
);

trial(
  "the desk page outside of MAX says where to open it",
  async (stage) => {
    const seat = await stage.seat();
    const desk = await Desk.open(stage.node, "1002", seat);
    await desk.page.goto(`${stage.node.url}/max-desk`);
    await desk.page.getByText("Open this page inside MAX").waitFor();
  },
  asMax,
);
