// A desktop with pages for MAX from another origin.

import { fileURLToPath } from "node:url";
import { Desk } from "../../desktop/support/desk.js";
import { serve } from "../../desktop/support/pages.js";
import { listen, MaxPage } from "./page.js";

const PAGES = fileURLToPath(new URL("../pages", import.meta.url));

/**
 * Configures pages in the floor and opens an agent's desktop: `bare` is a workspace page, `panel` opens with each interaction, and
 * `other` is the same page at another origin. The pages send nothing on their own.
 */
export async function desktopWithPages(stage, agent, { atWork = true } = {}) {
  const origins = await serve(stage, PAGES);
  await stage.node.floor((floor) => {
    floor.pages = [
      { id: "bare", title: "Bare page", url: `${origins.address}/bare.html?workspace`, place: "workspace" },
      { id: "other", title: "Other origin", url: `${origins.name}/bare.html?other`, place: "workspace" },
      { id: "panel", title: "Customer", url: `${origins.address}/bare.html?panel`, place: "contact-panel" },
    ];
  });
  const seat = await stage.seat();
  await seat.context.addInitScript(listen);
  const desk = await Desk.open(stage.node, agent, seat);
  await desk.signIn();
  if (!atWork) await stage.node.ask("POST", `/agents/${agent}/commands`, { verb: "sign-out" }, agent);
  return { desk, seat, origins, bare: await MaxPage.find(desk.page, "?workspace") };
}

/** Lets the agent answer a call. Returns the call, the interaction and its number, which is MAX's contact ID. */
export async function talk(stage, agent, data = {}) {
  await stage.node.ask("POST", `/agents/${agent}/commands`, { verb: "ready" }, agent);
  const call = await stage.node.call("+14155550100", "7700", { data });
  const [work] = await stage.until("a call rings", async () => {
    const works = await stage.node.works(agent);
    return works.some((one) => one.state === "alerting") && works.filter((one) => one.state === "alerting");
  });
  await stage.node.ask("POST", `/interactions/${work.id}/commands`, { verb: "answer" }, agent);
  await stage.until("the call is active", async () => {
    const works = await stage.node.works(agent);
    return works.some((one) => one.id === work.id && one.primary?.state === "talking");
  });
  return { call, id: work.id, contact: work.number };
}
