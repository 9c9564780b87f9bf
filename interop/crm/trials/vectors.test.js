// The nine test vectors of the protocol (crm-connector.md §9), with a page as in the vendor's documentation.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { trial } from "../../desktop/support/trial.js";
import { ALL, Host, SETTINGS } from "../support/host.js";

const CALLER = "+14155550100";

/** How long a trial waits for something that must not happen. Milliseconds. */
const QUIET_MS = 1_500;

const outbound = (stage) => async () => {
  const works = await stage.node.works("1001");
  return works.some((work) => work.direction === "outbound") && works;
};

const withOption = (section, name, value) => ({
  ...SETTINGS,
  [section]: { ...SETTINGS[section], [name]: value },
});

trial("1: ready is repeated until it is answered, then one request for CRM data", async (stage) => {
  const host = await Host.open(stage, { answers: [] });
  await host.phone.signIn();
  const silent = await host.hears("ready", 2);
  assert.equal(silent[0].data, undefined);
  await host.phone.text("Waiting for the CRM page to answer").waitFor();
  for (let times = 0; times < 3; times += 1) await host.send("ready");
  await host.hears("requestCrmData");
  const before = (await host.heard("ready")).length;
  await sleep(QUIET_MS);
  assert.equal((await host.heard("ready")).length, before, "no further ready");
  assert.equal((await host.heard("requestCrmData")).length, 1);
});

trial("2: click-to-dial is requested if the settings enable it", async (stage) => {
  const host = await Host.atWork(stage);
  await host.hears("requestEnableClickToDial", 2);
  assert.deepEqual((await host.heard("requestEnableClickToDial")).at(-1).data, { isEnabled: true });
});

trial("2: click-to-dial is not requested if the settings disable it", async (stage) => {
  const host = await Host.atWork(stage, { settings: withOption("SoftphoneOptions", "clickToDial", "N") });
  await sleep(QUIET_MS);
  const said = await host.heard("requestEnableClickToDial");
  assert.ok(
    said.every(({ data }) => data.isEnabled === false),
    JSON.stringify(said),
  );
});

trial("3: a click dials, and the card shows the record’s name", async (stage) => {
  const host = await Host.atWork(stage);
  await host.hears("requestEnableClickToDial", 2);
  const before = (await host.heard()).length;
  await host.click();
  const [work] = await stage.until("the call is dialed", outbound(stage));
  assert.deepEqual(work.customer.at, { outside: CALLER });
  await host.phone.call("Carla of the CRM").waitFor();
  await sleep(QUIET_MS);
  const since = (await host.heard())
    .slice(before)
    .filter(({ action }) => action !== "requestEnableClickToDial");
  assert.deepEqual(since, [], "a click gets no answer");
  await host.phone.button("Open in Sample").click();
  const [{ data }] = await host.hears("requestNavigateToClickToDialResult");
  assert.equal(data.recordId, 4711);
});

trial("4: a call pops one record", async (stage) => {
  const host = await Host.atWork(stage, { ready: true });
  await stage.node.call(CALLER);
  const [{ data }] = await host.hears("requestPerformInteractionScreenPop");
  assert.equal(data.aniValues[0], CALLER);
  await host.phone.button("Answer").click();
  await host.phone.button("Hang up").waitFor();
  await sleep(QUIET_MS);
  assert.equal((await host.heard("requestPerformInteractionScreenPop")).length, 1);
});

trial("4: no record is popped if the settings suppress it", async (stage) => {
  const settings = withOption("CallScreenPopOptions", "suppressScreenPop", "Y");
  const host = await Host.atWork(stage, { ready: true, settings });
  await stage.node.call(CALLER);
  await host.phone.button("Answer").waitFor();
  await sleep(QUIET_MS);
  assert.deepEqual(await host.heard("requestPerformInteractionScreenPop"), []);
});

trial("5: a log is complete, and comes back as one history item", async (stage) => {
  const host = await Host.atWork(stage, { ready: true });
  await stage.node.call(CALLER);
  await host.phone.button("Answer").click();
  await host.phone.button("Hang up").click();
  const [{ data }] = await host.hears("requestSaveInteractionLog");
  const { body } = data.message;
  assert.match(body.interactionId, /^[0-9a-f-]{36}$/);
  assert.match(body.interactionData.interaction.intrinsics.START_TIME, /^\d{2}:\d{2}:\d{2}/);
  assert.ok(Array.isArray(body.interactionData.logDetails.customFields));
  assert.equal(body.interactionData.updatedOriginatingAddress, CALLER);
  const msgData = { message: data.message };
  const again = {
    taskId: body.interactionId,
    data: { ...data, logParameters: { caller: "once more" }, msgData },
  };
  await host.send("createHistoryItem", again);
  await host.phone.show("History");
  const items = host.phone.frame.locator("details");
  await host.phone.frame.getByText("once more").waitFor({ state: "attached" });
  assert.equal(await items.count(), 1);
});

const FIELDS = {
  voice: { Case_ID: { customFieldInfo: { customFieldType: "STRING", customFieldLabel: "Case id" } } },
};

for (const [what, data, drawn] of [
  ["a text that holds JSON", JSON.stringify(FIELDS), true],
  ["an object", FIELDS, true],
  ["a broken text", '{"voice":', false],
]) {
  trial(`6: custom fields from ${what}`, async (stage) => {
    const settings = withOption("LogOptions", "transactionLogCustomField1", "case_id");
    const host = await Host.atWork(stage, { ready: true, settings });
    const [{ data: asked }] = await host.hears("requestCustomFieldsValues");
    assert.deepEqual(asked.object, { voice: ["case_id"], digital: ["case_id"] });
    await host.send("customFieldsDataResponse", data);
    await stage.node.call(CALLER);
    await host.phone.button("Answer").click();
    await host.phone.frame.getByLabel("Subject").waitFor();
    const field = host.phone.frame.getByLabel("Case id");
    assert.equal(await field.count(), drawn ? 1 : 0);
    if (!drawn) return;
    await field.fill("C-77");
    await host.phone.button("Save notes").click();
    await host.phone.button("Hang up").click();
    const [{ data: log }] = await host.hears("requestSaveInteractionLog");
    const { customFields } = log.message.body.interactionData.logDetails;
    assert.deepEqual(customFields, [{ logFieldName: "Case_ID", currentValue: "C-77" }]);
  });
}

trial("7: notifications are shown by type, and always as text", async (stage) => {
  const host = await Host.atWork(stage);
  const { frame } = host.phone;
  await host.send("displayErrorNotification", {
    type: "transient",
    serverity: "INFO",
    textArray: ["one", "two"],
    title: "T",
  });
  await frame.getByText("one two").waitFor();
  await host.send("displayErrorNotification", {
    type: "somethingElse",
    severity: "ODD",
    textArray: ['<b id="x">bold</b>'],
  });
  await frame.getByText('<b id="x">bold</b>').waitFor();
  assert.equal(await frame.locator("#x").count(), 0);
  await host.send("displayErrorNotification", {
    type: "okCancelDialog",
    severity: "WARNING",
    textArray: ["first"],
    dialogId: 1,
    title: "Ask",
  });
  await frame.getByRole("dialog", { name: "Ask" }).getByText("first").waitFor();
  await host.send("displayErrorNotification", {
    type: "okDialog",
    severity: "ERROR",
    textArray: ["second"],
    dialogId: 1,
    title: "Ask",
    store: true,
  });
  await frame.getByText("second").waitFor();
  assert.equal(await frame.getByText("first").count(), 0, "a dialog with the same ID replaced it");
  await frame.getByRole("dialog").getByRole("button", { name: "OK" }).click();
  await frame.getByRole("dialog").waitFor({ state: "hidden" });
  await host.phone.show("Inbox");
  await frame.getByText("second").waitFor();
});

trial("8: invalid messages have no effect", async (stage) => {
  const host = await Host.atWork(stage);
  await host.hears("requestEnableClickToDial", 2);
  const before = (await host.heard()).length;
  const body = await host.page.evaluate((user) => window.crm.body(user), { phone: CALLER, name: "X", id: 1 });
  for (const message of [
    null,
    "clickToDialResponse",
    7,
    [],
    { type: "CRMConnectMessage", action: "clickToDialResponse", data: body },
    { type: "clientappmessage", action: "clickToDialResponse", data: body },
    { type: "ClientAppMessage", action: "ClickToDialResponse", data: body },
    { type: "ClientAppMessage", action: ["clickToDialResponse"], data: body },
    { type: "ClientAppMessage", action: "clickToDialResponse", data: null },
    {
      type: "ClientAppMessage",
      action: "clickToDialResponse",
      data: { ...body, filler: "x".repeat(1 << 20) },
    },
  ]) {
    await host.raw(message);
  }
  // Another window of the same origin, and the frame itself: neither is the embedding page.
  await host.page.evaluate((data) => {
    const other = document.createElement("iframe");
    other.srcdoc = `<script>parent.frames[0].postMessage(${JSON.stringify({ type: "ClientAppMessage", action: "clickToDialResponse", data })}, '*')</script>`;
    document.body.append(other);
  }, body);
  await host.phone.frame
    .locator("body")
    .evaluate(
      (_, data) => window.postMessage({ type: "ClientAppMessage", action: "clickToDialResponse", data }, "*"),
      body,
    );
  await sleep(QUIET_MS);
  assert.deepEqual(await stage.node.works("1001"), []);
  assert.deepEqual((await host.heard()).slice(before), []);
  // The connector still works.
  await host.click();
  await stage.until("a click still calls", outbound(stage));
});

trial("9: a directory request without an answer, and a directory with numbers", async (stage) => {
  const host = await Host.atWork(stage, { answers: ALL });
  await host.hears("requestEnableClickToDial", 2);
  await host.phone.show("People");
  await host.hears("requestGetCrmDirectory");
  await host.phone.text("Loading contacts from the CRM").waitFor();
  await host.phone.text("The CRM did not answer.").waitFor({ timeout: 15_000 });
  await host.phone.button("Try again").click();
  await host.hears("requestGetCrmDirectory", 2);
  await host.send("crmDirectory", {
    count: "2",
    results: [
      { id: 1, name: "Bea of the CRM", phone: "+14155550102", email: null },
      { id: "2", name: "Chen of the CRM", email: "chen@example.com" },
    ],
  });
  await host.phone.text("Chen of the CRM").waitFor();
  await host.phone.frame.getByRole("button", { name: /Bea of the CRM/ }).click();
  const [work] = await stage.until("the person is called", outbound(stage));
  assert.deepEqual(work.customer.at, { outside: "+14155550102" });
});
