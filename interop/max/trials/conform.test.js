// The conformance run in a browser: as a page in the desktop, and as the MAX around Cordboard's own page.

import { Conform } from "../../desktop/support/conform.js";
import { freePort, PASSWORD } from "../../desktop/support/node.js";
import { trial } from "../../desktop/support/trial.js";

const CUSTOMER = "+14155550102";

/** The port of the run that the node has to know. */
const PORT = await freePort();

trial("the desktop holds every requirement of MAX", async (stage) => {
  const { node } = stage;
  const command = (body) => node.ask("POST", "/agents/1001/commands", body, "1001");
  const run = await Conform.start(stage, "max", "telephony", {
    options: ["--customer", CUSTOMER],
    steps: {
      "sign-in": () => command({ verb: "sign-in" }),
      ready: () => command({ verb: "ready" }),
      ring: async () => {
        await stage.until("the agent is ready", async () => (await node.agent("1001")).state === "ready");
        await node.call(CUSTOMER);
      },
      "sign-out": () => command({ verb: "sign-out" }),
    },
  });
  const { page } = await stage.desk("1001");
  await command({ verb: "sign-out" });
  // The desktop may embed the pages that the floor has when it is loaded.
  await page.goto("about:blank");
  await node.floor((floor) => {
    floor.pages = [
      { id: "conform", title: "Conform", url: run.url, place: "workspace" },
      { id: "panel", title: "Panel", url: `${run.url}?panel`, place: "contact-panel" },
    ];
  });
  await page.goto(node.url);
  await run.holds();
});

trial(
  "the page for a real MAX holds every requirement",
  async (stage) => {
    const { node } = stage;
    await node.floor((floor) => {
      floor.agents.find(({ id }) => id === "1002").switch = "far";
    });
    const seat = await stage.seat({ width: 1000, height: 900 });
    const page = await seat.tab();
    const frame = page.frameLocator("#tested");
    const signIn = async () => {
      await frame.getByRole("button", { name: /^Sign (in|out)$/ }).waitFor();
      if (!(await frame.getByLabel("Account").isVisible())) return;
      await frame.getByLabel("Account").fill("1002");
      await frame.getByLabel("Password").fill(PASSWORD);
      await frame.getByRole("button", { name: "Sign in" }).click();
    };
    const does = (body) => async () => {
      const [{ id }] = await stage.until("the call is shown", async () => {
        const works = await node.works("1002");
        return works.some((work) => work.primary) && works;
      });
      await node.ask("POST", `/interactions/${id}/commands`, body, "1002");
    };
    const run = await Conform.start(stage, "max", "desk", {
      port: PORT,
      options: ["--to", `${node.url}/max-desk`, "--customer", CUSTOMER],
      steps: {
        "sign-in": signIn,
        answer: does({ verb: "answer" }),
        hold: does({ verb: "hold" }),
        resume: does({ verb: "resume" }),
        mute: does({ verb: "mute", on: true }),
        record: does({ verb: "record" }),
        mask: does({ verb: "mask", on: true }),
        "hang-up": does({ verb: "hang-up" }),
        refuse: does({ verb: "reject" }),
      },
    });
    await page.goto(run.url);
    await run.holds();
  },
  () => ({
    CORDBOARD_MAX__DESK__ID: "far",
    CORDBOARD_MAX__DESK__ORIGINS: `["http://127.0.0.1:${PORT}"]`,
  }),
);
