// Which pages may embed the connector, and what other pages show.

import assert from "node:assert/strict";
import { trial } from "../../desktop/support/trial.js";
import { Host } from "../support/host.js";

trial("a page that the floor does not list shows what to configure", async (stage) => {
  const host = await Host.open(stage, { allowed: false });
  const { frame } = host.phone;
  await frame.getByRole("heading", { name: "Connector self-test" }).waitFor();
  await frame.getByText("Not allowed. The floor file does not list this page.").waitFor();
  await frame.getByText(`"${host.origins.address}",`).waitFor();
  assert.equal(await frame.getByLabel("Password").count(), 0);

  // When the floor lists the page, the connector works.
  await stage.node.floor((floor) => floor.crm_origins.push(host.origins.address));
  await frame.getByRole("button", { name: "Check again" }).click();
  await frame.getByText("Allowed. The floor file lists this page.").waitFor();
  await host.page.reload();
  await frame.getByRole("button", { name: "Sign in" }).waitFor();
});

trial("a page that reports another origin is refused with a reason", async (stage) => {
  const path = "/connector/?clientOrigin=https://crm.example";
  const host = await Host.open(stage, { path });
  await host.phone.frame.getByLabel("Account", { exact: true }).fill("1001");
  await host.phone.frame.getByLabel("Password").fill("demo");
  await host.phone.button("Sign in").click();
  await host.phone.text("The embedding page is https://crm.example.").waitFor();
  await host.phone.frame.getByText('"https://crm.example",').waitFor();
  assert.deepEqual(await host.heard(), [], "the connector sends it no message");
});

trial("the browser blocks the connector in other pages", async (stage) => {
  const response = await fetch(`${stage.node.url}/connector/`);
  const policy = response.headers.get("content-security-policy");
  const { port } = new URL(stage.node.crm);
  assert.match(policy, new RegExp(`frame-ancestors http://127.0.0.1:${port} http://localhost:${port}$`));
  const desktop = await fetch(stage.node.url);
  assert.match(desktop.headers.get("content-security-policy"), /frame-ancestors 'none'/);
});

trial("the self-test passes for a listed page", async (stage) => {
  const seat = await stage.seat({ width: 700, height: 900 });
  const page = await seat.tab();
  await page.goto(`${stage.node.url}/connector/check?origin=${stage.node.crm}`);
  await page.getByText("Allowed. The floor file lists this page.").waitFor();
  await page.getByText("WebSockets work, and the connector is configured.").waitFor();
  // A page outside of a frame cannot tell what a frame may store.
  await page.getByText("Not tested: browsers have other rules for frames.").waitFor();
  await page.getByLabel("Origin of the CRM page").fill("https://other.example/app");
  await page.getByRole("button", { name: "Check", exact: true }).click();
  await page.getByText("Not allowed. The floor file does not list this page.").waitFor();
  await page.getByText('"https://other.example",').waitFor();
});

trial("the softphone works without a CRM page, and says so", async (stage) => {
  const seat = await stage.seat({ width: 360, height: 700 });
  const page = await seat.tab();
  await page.goto(`${stage.node.url}/connector/`);
  await page.getByLabel("Account", { exact: true }).fill("1001");
  await page.getByLabel("Password").fill("demo");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("This softphone is not embedded in a CRM page").waitFor();
});
