// The sample page of the documentation.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { serve } from "../../desktop/support/pages.js";
import { trial } from "../../desktop/support/trial.js";
import { talk } from "../support/floor.js";

const PAGES = fileURLToPath(new URL("../pages", import.meta.url));

trial("the sample page works in a workspace and in a contact panel", async (stage) => {
  const { address } = await serve(stage, PAGES);
  await stage.node.floor((floor) => {
    floor.pages = [
      { id: "sample", title: "Sample", url: `${address}/sample.html`, place: "workspace" },
      { id: "crm", title: "Customer", url: `${address}/sample.html?panel`, place: "contact-panel" },
    ];
  });
  const desk = await stage.desk("1001");
  const workspace = await desk.workspace("Sample");
  await workspace.getByText("Subscribed, no contact.").waitFor();
  const { contact } = await talk(stage, "1001");
  const panel = await desk.panel("Customer");
  await panel.getByText(`Subscribed, contact ${contact}.`).waitFor();
  await panel.getByRole("button", { name: "Hold" }).click();
  await panel.getByRole("list", { name: "Events" }).getByText("CallContactEvent · Holding").first().waitFor();
  await panel.getByRole("button", { name: "Hold" }).click();
  await panel.getByLabel("Customer").fill("Zelda Example");
  await panel.getByRole("button", { name: "Show on the card" }).click();
  await desk.page.getByText("Zelda Example").first().waitFor();
  await panel.getByRole("button", { name: "Hang up" }).click();
  await stage.until(
    "the call is over",
    async () => (await stage.node.ask("GET", "/simulated/calls")).items.length === 0,
  );
});

trial("the sample page outside of MAX says so", async (stage) => {
  const { address } = await serve(stage, PAGES);
  const seat = await stage.seat();
  const page = await seat.tab();
  await page.goto(`${address}/sample.html`);
  assert.equal(await page.getByRole("status").textContent(), "This page is not inside MAX.");
});
