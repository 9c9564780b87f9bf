// Takes the screenshots for the documentation: `make pictures`.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { talk } from "../max/support/floor.js";
import { closeBrowser } from "./support/browser.js";
import { Node } from "./support/node.js";
import { serve } from "./support/pages.js";
import { notify, properties } from "./support/talisma.js";
import { Stage } from "./support/trial.js";
import { SCRIPT } from "./support/views.js";

const DOCS = fileURLToPath(new URL("../../docs/images", import.meta.url));
const PAGES = fileURLToPath(new URL("../max/pages", import.meta.url));

const CALLER = "+14155550100";

/** The call data in the screenshots. */
const DATA = { AccountCode: "4711", Reason: "Invoice 2026-118", Language: "en" };

/** Takes a screenshot, with the mouse pointer in an empty area. */
async function takeScreenshot(desk, name) {
  await desk.page.mouse.move(640, 795);
  await desk.page.screenshot({ path: join(DOCS, `${name}.png`), animations: "disabled" });
}

/** Sets up a floor with a script and a long wrap-up. */
async function prepare(stage, pages = []) {
  await stage.node.floor((floor) => {
    for (const queue of floor.queues) queue.wrap_up_ms = 90_000;
    floor.scripts = [{ name: "101", title: "Greeting", markdown: SCRIPT }];
    floor.pages = pages;
  });
}

const PICTURES = {
  async ringing(stage) {
    await prepare(stage);
    const desk = await stage.desk("1001");
    await desk.ready();
    await stage.node.call(CALLER, "7700", { data: DATA });
    await desk.ring().waitFor();
    await takeScreenshot(desk, "desktop-ringing");
  },

  async consult(stage) {
    await prepare(stage);
    const desk = await stage.desk("1001", { theme: "dark" });
    const other = await stage.desk("1002");
    await desk.ready();
    await stage.node.call(CALLER, "7700", { data: DATA });
    await desk.answer();
    await desk.reach("Consult", "1002");
    await other.answer();
    await desk.leg("Consult", "talking").waitFor();
    await takeScreenshot(desk, "desktop-consult-dark");
  },

  async notification(stage) {
    await prepare(stage);
    const desk = await stage.desk("1001");
    await notify(stage.node, {
      ObjectType: 3,
      ObjectId: -1,
      AccountId: -1,
      CaseId: -1,
      CustomList: {
        CustomData: [
          { Key: "Name", Value: "Carol" },
          { Key: "Account", Value: "4711" },
        ],
      },
      IsLogCaseMandatory: true,
      PayLoad: {
        PayLoadData: [
          { ObjectType: 26, PropertyDataList: properties([2000104, "+14155550199"], [2000105, "7700"]) },
        ],
      },
      ScriptId: 101,
      SessionId: -1,
      ChangeInteractionNotes: null,
      CreatePreview: null,
    });
    const dialog = desk.page.getByRole("dialog", { name: "Resolve contact" });
    await dialog.waitFor();
    await takeScreenshot(desk, "desktop-resolve");
    await desk.page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    await takeScreenshot(desk, "desktop-notification");
  },

  async narrow(stage) {
    await prepare(stage);
    const desk = await stage.desk("1001", { width: 390, height: 760 });
    await desk.ready();
    await stage.node.call(CALLER, "7700", { data: DATA });
    await desk.answer();
    await desk.call("talking").waitFor();
    await takeScreenshot(desk, "desktop-narrow");
  },

  async max(stage) {
    const { address } = await serve(stage, PAGES);
    await prepare(stage, [
      { id: "sample", title: "Sample", url: `${address}/sample.html`, place: "workspace" },
      { id: "crm", title: "Customer", url: `${address}/sample.html?panel`, place: "contact-panel" },
    ]);
    const desk = await stage.desk("1001");
    await talk(stage, "1001", DATA);
    const panel = await desk.panel("Customer");
    await panel.getByText(/Subscribed, contact/).waitFor();
    await panel.getByRole("button", { name: "Record" }).click();
    await desk.control("Pause recording").waitFor();
    await panel
      .getByText(/^CallContactEvent/)
      .first()
      .click();
    await takeScreenshot(desk, "max-panel");
  },
};

for (const [name, run] of Object.entries(PICTURES)) {
  const stage = new Stage();
  stage.node = await Node.start();
  try {
    await run(stage);
    console.log(`saved: ${name}`);
  } finally {
    await stage.close();
  }
}
await closeBrowser();
