// Accessibility of every section of the softphone, at its smallest size, in light and dark.

import assert from "node:assert/strict";
import { violations } from "../../desktop/support/axe.js";
import { trial } from "../../desktop/support/trial.js";
import { Crm } from "../support/crm.js";

const CALLER = "+14155550102";

/** Functions that show each view. They must run in this order. */
const VIEWS = {
  "sign-in": async (crm) => crm.phone.button("Sign in").waitFor(),
  "signed out": async (crm) => crm.phone.signIn(),
  "not ready": async (crm) => crm.phone.signInAgent(),
  ready: async (crm) => crm.phone.ready(),
  ringing: async (crm, stage) => {
    await stage.node.call(CALLER);
    await crm.phone.button("Answer").waitFor();
  },
  talking: async (crm) => {
    await crm.phone.button("Answer").click();
    await crm.phone.call("Bea Brandt").waitFor();
  },
  consulting: async (crm) => {
    await crm.phone.button("Consult").click();
    await crm.phone.frame.getByRole("dialog").waitFor();
  },
  dial: async (crm) => {
    await crm.page.keyboard.press("Escape");
    await crm.phone.show("Dial");
  },
  people: async (crm) => {
    await crm.phone.show("People");
    await crm.phone.text("Carla Customer").first().waitFor();
  },
  "wrap-up": async (crm) => {
    await crm.phone.show("Calls");
    await crm.phone.frame.getByLabel("Subject").fill("Invoice");
    await crm.phone.button("Hang up").click();
    await crm.phone.button("Save and complete").waitFor();
  },
  history: async (crm) => {
    await crm.phone.button("Save and complete").click();
    await crm.phone.show("History");
    await crm.phone.frame.locator("details").click();
  },
  calls: async (crm) => crm.page.getByRole("link", { name: "Calls" }).click(),
};

for (const theme of ["light", "dark"]) {
  trial(`axe finds nothing in the CRM and the softphone, ${theme}`, async (stage) => {
    await stage.node.floor((floor) => {
      for (const queue of floor.queues) queue.wrap_up_ms = 60_000;
    });
    const crm = await Crm.open(stage, "1001", { theme, width: 1280, height: 760 });
    const found = [];
    for (const [name, show] of Object.entries(VIEWS)) {
      await show(crm, stage);
      for (const violation of await violations(crm.page)) found.push(`${name}: ${violation}`);
      const [width, inside] = await crm.phone.frame
        .locator("body")
        .evaluate(() => [document.scrollingElement.scrollWidth, innerWidth]);
      assert.ok(width <= inside, `${name} is ${width} wide in a frame of ${inside}`);
    }
    assert.deepEqual(found, []);
  });

  trial(`axe finds nothing in the self-test, ${theme}`, async (stage) => {
    const seat = await stage.seat({ theme, width: 340, height: 760 });
    const page = await seat.tab();
    await page.goto(`${stage.node.url}/connector/check?origin=https://other.example`);
    await page.getByText("Not allowed. The floor file does not list this page.").waitFor();
    assert.deepEqual(await violations(page), []);
    assert.ok((await page.evaluate(() => document.scrollingElement.scrollWidth)) <= 340);
  });
}
