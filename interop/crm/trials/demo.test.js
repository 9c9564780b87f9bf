// The demo CRM, which embeds the connector with the kit: click-to-dial, records, logs and numbers that cannot be dialed.

import assert from "node:assert/strict";
import { trial } from "../../desktop/support/trial.js";
import { Crm } from "../support/crm.js";
import { Host } from "../support/host.js";

trial("a click on a number dials it, and the softphone shows the contact", async (stage) => {
  const crm = await Crm.atWork(stage, "1001");
  await crm.number("(415) 555-0104").click();
  await crm.phone.call("Dora Diaz").waitFor();
  const [work] = await stage.node.works("1001");
  assert.deepEqual([work.direction, work.customer.at], ["outbound", { outside: "+14155550104" }]);
  assert.equal(work.data["crm.recordId"], "C-1005");
  await crm.phone.button("Open in Rolodex").click();
  await crm.record("Dora Diaz").waitFor();
});

trial("a call pops its record, is logged, and is shown in the history", async (stage) => {
  await stage.node.floor((floor) => {
    for (const queue of floor.queues) queue.wrap_up_ms = 60_000;
  });
  const crm = await Crm.atWork(stage, "1001");
  const { phone, page } = crm;
  await phone.ready();
  await stage.node.call("+14155550102");
  await crm.record("Bea Brandt").waitFor();
  await phone.button("Answer").click();
  await phone.call("Bea Brandt").waitFor();
  await phone.frame.getByLabel("Subject").fill("Invoice 4711");
  await phone.button("Hang up").click();
  await phone.frame.getByLabel("What was said and done").fill("Explained.");
  await phone.frame.getByLabel("Case", { exact: true }).fill("C-77");
  await phone.frame.getByLabel("Mood").selectOption("Happy");
  await phone.frame.getByLabel("Disposition").selectOption("Resolved");
  await phone.button("Save and complete").click();
  const row = page.getByRole("row").filter({ hasText: "Invoice 4711" });
  await row.getByText("Explained. Case_ID: C-77 Mood: Happy").waitFor();
  await phone.show("History");
  const item = phone.frame.locator("details").filter({ hasText: "Bea Brandt" });
  await item.click();
  await item.getByText("Invoice 4711").waitFor();
  const { items } = await stage.node.ask("GET", "/history/interactions?agent=1001");
  assert.equal(items[0].disposition, "resolved");
});

trial("a caller without a contact is reported", async (stage) => {
  const crm = await Crm.atWork(stage, "1001");
  await crm.phone.ready();
  await stage.node.call("+14155559999");
  await crm.page.getByText("No contact has the number +14155559999.").waitFor();
  await crm.phone.text(/No contact has the number/).waitFor();
});

trial("the softphone keeps its state when the CRM is reloaded", async (stage) => {
  const crm = await Crm.atWork(stage, "1001");
  await crm.phone.ready();
  await stage.node.call("+14155550102");
  await crm.phone.button("Answer").click();
  await crm.phone.call("Bea Brandt").waitFor();
  await crm.page.goto(`${stage.node.crm}/?again`);
  await crm.phone.call("Bea Brandt").waitFor();
  await crm.phone.button("Hang up").click();
});

trial("the connection to the CRM page is restored after the hub is killed", async (stage) => {
  const crm = await Crm.atWork(stage, "1001");
  await crm.number("(415) 555-0104").waitFor();
  await stage.node.kill();
  await crm.phone.text(/^Reconnecting…/).waitFor();
  await stage.node.run();
  await crm.phone.text(/^Reconnecting…/).waitFor({ state: "hidden" });
  await crm.phone.state("Not ready").waitFor();
  // Clicks have no effect until the handshake with the page is repeated.
  await stage.until("a click calls", async () => {
    await crm.number("(415) 555-0104").click();
    return (await stage.node.works("1001")).length > 0;
  });
  await crm.phone.call("Dora Diaz").waitFor();
});

for (const [what, user, words] of [
  ["letters", { phone: "+1-CALL-NOW" }, /cannot be dial+ed/],
  ["a premium prefix", { phone: "+19005550100" }, /19005550100/],
  ["no digits", { phone: "" }, "the click has no number to call"],
]) {
  trial(`a click on a number with ${what} is refused with a reason, and later clicks work`, async (stage) => {
    const host = await Host.atWork(stage);
    await host.hears("requestEnableClickToDial", 2);
    await host.click(user);
    await host.phone.frame.getByRole("region", { name: "Messages" }).getByText(words).waitFor();
    assert.deepEqual(await stage.node.works("1001"), []);
    await host.click();
    await host.phone.call("Carla of the CRM").waitFor();
  });
}

trial("a contact with a do-not-call mark is not called", async (stage) => {
  const host = await Host.atWork(stage);
  await host.hears("requestEnableClickToDial", 2);
  const body = await host.page.evaluate((user) => window.crm.body(user), {
    phone: "+14155550100",
    name: "Carla",
    id: 1,
  });
  await host.send("clickToDialResponse", { ...body, doNotCall: true });
  await host.phone.text("Carla does not want to be called").waitFor();
  assert.deepEqual(await stage.node.works("1001"), []);
});

trial("the settings of the CRM page are applied", async (stage) => {
  await stage.node.floor((floor) => {
    for (const queue of floor.queues) queue.wrap_up_ms = 60_000;
  });
  const settings = {
    SoftphoneOptions: {
      language: "de_DE",
      transferButtonEnabled: "N",
      dropIncomingInteraction: "N",
      manualOutboundInteraction: "N",
      notificationsEnabled: "N",
      reportsEnabled: "Y",
    },
    ReasonCodesEnabled: { auxReasonEnabled: "N", dispositionCodesEnabled: "N" },
    LabelOptions: { ready: "Frei", goReady: "Melden", startWork: "Los", goNotReady: "Weg" },
  };
  const host = await Host.open(stage, { settings });
  const { phone } = host;
  await phone.signIn().catch(() => {});
  const state = phone.frame.locator(".state-button");
  await phone.frame.getByRole("button", { name: "Berichte" }).waitFor();
  await state.click();
  await phone.frame.getByRole("menuitem", { name: "Los" }).click();
  await phone.frame.getByText("Nicht bereit").first().waitFor();
  await state.click();
  await phone.frame.getByRole("menuitem", { name: "Melden", exact: true }).click();
  await state.getByText("Frei").waitFor();
  await stage.node.call("+14155550100");
  await phone.frame.locator(".ring").waitFor();
  assert.equal(await phone.frame.locator(".ring .button").count(), 1, "Answer is shown, and Reject is not");
  await phone.frame.locator(".ring .button").click();
  await phone.frame.locator(".controls").waitFor();
  assert.equal(await phone.frame.getByRole("button", { name: "Übergeben" }).count(), 0);
  const parts = await phone.frame.getByRole("navigation").getByRole("button").allTextContents();
  assert.deepEqual(parts, ["Anrufe", "Verlauf"]);
  await phone.frame.getByRole("button", { name: "Berichte" }).click();
  await host.hears("requestOpenReports");
  await phone.frame.locator(".controls .bad").click();
  await phone.frame.locator("form.log").waitFor();
  assert.equal(await phone.frame.locator("form.log select").count(), 0);
});
