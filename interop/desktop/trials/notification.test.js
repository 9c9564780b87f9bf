// A notification from a SOAP client, as for Talisma's server, handled until it is completed.

import assert from "node:assert/strict";
import { notify, properties } from "../support/talisma.js";
import { trial } from "../support/trial.js";

/** Object type 3 is a contact (talisma.md). Keys and values help to identify it. */
const CONTACT = 3;

trial("a notification is resolved, logged and completed", async (stage) => {
  await stage.node.floor((floor) => {
    floor.scripts = [
      { name: "101", title: "Greeting", markdown: "# Good day\n\nAsk for the **account number**." },
    ];
    floor.records = [];
  });
  const desk = await stage.desk("1001");
  const result = await notify(stage.node, {
    ObjectType: CONTACT,
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
        { ObjectType: 7, PropertyDataList: properties([7001, "Billing"]) },
      ],
    },
    ScriptId: 101,
    SessionId: -1,
    ChangeInteractionNotes: null,
    CreatePreview: null,
  });
  assert.equal(Number(result.StatusCode), 0, JSON.stringify(result));

  const dialog = desk.page.getByRole("dialog", { name: "Resolve contact" });
  await dialog.waitFor();
  await dialog.getByText("4711").waitFor();
  const create = dialog.getByRole("region", { name: "Create contact" });
  await create.getByLabel("Name").fill("Carol Example");
  await create.getByRole("button", { name: "Create and use" }).click();
  await dialog.waitFor({ state: "hidden" });
  await desk.page.getByText("Carol Example").first().waitFor();

  await desk.tab("Script").click();
  await desk.page.getByRole("heading", { name: "Good day" }).waitFor();

  await desk.page.getByText("Add a log entry before").waitFor();
  assert.equal(await desk.button("Complete").count(), 0, "it cannot be completed without a log entry");
  assert.equal(
    await desk.page.getByLabel("7001").inputValue(),
    "Billing",
    "the log form starts with the fields of the notification",
  );
  await desk.page.getByLabel("What was said and done").fill("The invoice was explained.");
  await desk.button("Log").click();
  await stage.until("it is logged", async () => (await stage.node.works("1001"))[0]?.logs?.length === 1);
  await desk.button("Complete").click();
  await desk.page.getByText("No interactions").waitFor();

  const { items } = await stage.node.ask("GET", "/history/interactions?agent=1001");
  const [{ interaction }] = items;
  assert.equal(interaction.logs[0].text, "The invoice was explained.");
  assert.equal(interaction.contact.name, "Carol Example");
});
