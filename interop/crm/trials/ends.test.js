// Both ends of the dialect: a page of one node embeds the connector of another node and presents it as a switch.

import assert from "node:assert/strict";
import { Node } from "../../desktop/support/node.js";
import { trial } from "../../desktop/support/trial.js";
import { Softphone } from "../support/crm.js";
import { hostedBy } from "../support/host.js";

const SWITCH = "connector";

/** Starts a node that uses the connector of `stage.node` as a switch, with one agent. */
async function hosting(stage) {
  const node = await Node.start(() => ({
    CORDBOARD_CRM_CONNECTOR__DESK__ID: SWITCH,
    CORDBOARD_CRM_CONNECTOR__DESK__URL: `${stage.node.url}/connector/`,
  }));
  stage.later(() => node.stop());
  stage.origins.push(node.url);
  await node.floor((floor) => {
    floor.agents.find(({ id }) => id === "1001").switch = SWITCH;
  });
  await hostedBy(stage.node, node.url);
  return node;
}

trial("one node dials through the connector of the other node", async (stage) => {
  const node = await hosting(stage);
  const seat = await stage.seat({ width: 420, height: 760 });
  const page = await seat.tab();
  await page.goto(`${node.url}/connector-desk/`);
  await page.getByLabel("Account", { exact: true }).fill("1001");
  await page.getByLabel("Password").fill("demo");
  await page.getByRole("button", { name: "Sign in" }).click();
  const phone = new Softphone(page.frameLocator("iframe"), "1001");
  await phone.signIn();
  await phone.signInAgent();
  await stage.until("the switch is up", async () => {
    const { items } = await node.ask("GET", "/switches");
    return items.some((one) => one.id === SWITCH && one.up && one.features.includes("make-call"));
  });
  await node.ask("POST", "/agents/1001/commands", { verb: "sign-in" }, "1001");
  await node.ask("POST", "/agents/1001/commands", { verb: "dial", to: "+14155550103", data: {} }, "1001");
  const [there] = await stage.until("the call is dialed", async () => {
    const works = await stage.node.works("1001");
    return works.length > 0 && works;
  });
  assert.deepEqual(there.customer.at, { outside: "+14155550103" });
  await stage.until("the first node shows the call as started", async () => {
    const [here] = await node.works("1001");
    return here?.state === "started";
  });
  await phone.button("Hang up").click();
  await stage.until(
    "the first node shows the call as ended",
    async () => (await node.works("1001")).length === 0,
  );
});

trial("an incoming call at the connector is shown by the other node", async (stage) => {
  const node = await hosting(stage);
  const seat = await stage.seat({ width: 420, height: 760 });
  const page = await seat.tab();
  await page.goto(`${node.url}/connector-desk/`);
  await page.getByLabel("Account", { exact: true }).fill("1001");
  await page.getByLabel("Password").fill("demo");
  await page.getByRole("button", { name: "Sign in" }).click();
  const phone = new Softphone(page.frameLocator("iframe"), "1001");
  await phone.signIn();
  await phone.signInAgent();
  await stage.until("the agent is signed in at the first node", async () => {
    return (await node.agent("1001")).state !== "signed-out";
  });
  await phone.ready();
  await stage.node.call("+14155550102");
  await phone.button("Answer").click();
  const [here] = await stage.until("the call is shown", async () => {
    const works = await node.works("1001");
    return works[0]?.state === "started" && works;
  });
  assert.deepEqual(here.customer.at, { outside: "+14155550102" });

  await page.reload();
  await phone.button("Hang up").waitFor();
  await stage.until("the switch is back", async () => {
    const { items } = await node.ask("GET", "/switches");
    return items.some((one) => one.id === SWITCH && one.up);
  });
  const [still] = await node.works("1001");
  assert.deepEqual([still?.id, still?.state], [here.id, "started"], "the call goes on");
  await phone.button("Hang up").click();
  await stage.until("the call is over", async () => (await node.works("1001"))[0]?.state !== "started");
});
