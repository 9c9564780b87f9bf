// The conformance run in a browser: against the connector, a page with the kit, and the page that hosts a connector.

import { Conform } from "../../desktop/support/conform.js";
import { freePort } from "../../desktop/support/node.js";
import { trial } from "../../desktop/support/trial.js";
import { Softphone } from "../support/crm.js";
import { hostedBy } from "../support/host.js";

const CUSTOMER = "+14155550102";

/** The port of the run whose page the node has to know. */
const PORT = await freePort();

trial("the connector holds every requirement", async (stage) => {
  const { node } = stage;
  const seat = await stage.seat({ width: 1000, height: 900 });
  const page = await seat.tab();
  const phone = new Softphone(page.frameLocator("#tested"), "1001");
  const ring = async (more) => {
    await stage.until("the agent is ready", async () => (await node.agent("1001")).state === "ready");
    await node.call(CUSTOMER, "7700", more);
  };
  const options = ["--to", `${node.url}/connector/`, "--customer", CUSTOMER];
  const run = await Conform.start(stage, "crm-connector", "telephony", {
    options,
    steps: {
      "sign-in": () => phone.signInAgent(),
      ready: async () => {
        if ((await node.agent("1001")).state !== "ready") await phone.ready();
      },
      ring: () => ring(),
      "give-up": () => ring({ patience_ms: 400 }),
      answer: () => phone.button("Answer").click(),
      "hang-up": () => phone.button("Hang up").click(),
    },
  });
  await hostedBy(node, new URL(run.url).origin);
  await page.goto(run.url);
  await phone.signIn();
  await run.holds();
  await page.getByText("The run has ended: 47 held, 0 deviate, 0 not reached.").waitFor();
});

trial("a page with the kit holds every requirement", async (stage) => {
  const seat = await stage.seat({ width: 1280, height: 760, bypassCSP: true });
  const page = await seat.tab();
  const number = page.getByRole("button", { name: "Call (415) 555-0104" });
  const dial = async () => {
    if (!(await number.isVisible())) throw new Error("clicks are off");
    await number.click();
  };
  const run = await Conform.start(stage, "crm-connector", "desk", { steps: { dial } });
  stage.origins.push(stage.node.crm);
  await page.goto(`${stage.node.crm}/?path=${encodeURIComponent(run.url)}`);
  // This page has nothing to tell, and does not list the extension.
  await run.holds(["CRM-D-32", "CRM-D-33"]);
});

trial(
  "the page that hosts a connector holds every requirement",
  async (stage) => {
    const { node } = stage;
    const command = (body) => node.ask("POST", "/agents/1001/commands", body, "1001");
    const run = await Conform.start(stage, "crm-connector", "desk", {
      port: PORT,
      steps: { dial: () => command({ verb: "dial", to: "+14155550123", data: {} }) },
    });
    await node.floor((floor) => {
      floor.agents.find(({ id }) => id === "1001").switch = "connector";
    });
    const seat = await stage.seat({ width: 420, height: 760 });
    const page = await seat.tab();
    await page.goto(`${node.url}/connector-desk/`);
    await page.getByLabel("Account", { exact: true }).fill("1001");
    await page.getByLabel("Password").fill("demo");
    await page.getByRole("button", { name: "Sign in" }).click();
    await run.holds();
  },
  () => ({
    CORDBOARD_CRM_CONNECTOR__DESK__ID: "connector",
    CORDBOARD_CRM_CONNECTOR__DESK__URL: `http://127.0.0.1:${PORT}/`,
  }),
);
