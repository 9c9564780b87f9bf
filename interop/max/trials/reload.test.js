// A page that is reloaded during a call registers again, gets the current state, and then each event once.

import assert from "node:assert/strict";
import { trial } from "../../desktop/support/trial.js";
import { desktopWithPages, talk } from "../support/floor.js";
import { isCall, kinds, MaxPage } from "../support/page.js";

/** Reloads the page and returns it. */
async function reloaded(desk, page, part) {
  await Promise.all([
    desk.page.waitForEvent("framenavigated", (frame) => frame === page.frame),
    page.frame.evaluate(() => location.reload()),
  ]);
  return MaxPage.find(desk.page, part);
}

async function goesOnOnce(page, contact) {
  await page.say("HoldEvent");
  await page.event("held", isCall("Holding", contact));
  await page.say("HoldEvent");
  await page.event("back", isCall("Active", contact));
  await page.rest();
  const all = (await page.envelopes()).flatMap(({ events }) => events);
  for (const status of ["Holding", "Active"]) {
    const told = all.filter(isCall(status, contact)).length;
    // The call was also active when the page registered.
    assert.equal(told, status === "Active" ? 2 : 1, `${status} is sent once`);
  }
}

trial("a page that registers in its first script works after a reload", async (stage) => {
  const { desk, origins } = await desktopWithPages(stage, "1001");
  await stage.node.floor((floor) => {
    const page = { id: "eager", title: "Eager page", place: "workspace" };
    floor.pages.push({ ...page, url: `${origins.address}/eager.html?eager` });
  });
  const before = await MaxPage.find(desk.page, "?eager");
  assert.deepEqual(kinds([await before.next()]), ["ClientEventSubscriptionAcknowledge"]);
  const { contact } = await talk(stage, "1001");
  await before.event("active", isCall("Active", contact));

  const after = await reloaded(desk, before, "?eager");
  const first = await after.next();
  assert.deepEqual(kinds([first]), ["ClientEventSubscriptionAcknowledge", "CallContactEvent"]);
  assert.ok(isCall("Active", contact)(first.events[1]));
  await goesOnOnce(after, contact);
});

trial("a page that registers after loading works after a reload", async (stage) => {
  const { desk, bare, seat } = await desktopWithPages(stage, "1001");
  await bare.registered(["all"]);
  const { contact } = await talk(stage, "1001");
  await bare.event("active", isCall("Active", contact));

  const after = await reloaded(desk, bare, "?workspace");
  const first = await after.registered(["contacts"]);
  assert.deepEqual(kinds([first]), ["ClientEventSubscriptionAcknowledge", "CallContactEvent"]);
  await goesOnOnce(after, contact);
  assert.ok(!seat.lines.some((line) => line.includes("already subscribed")));
});

trial("a reloaded panel still belongs to its call", async (stage) => {
  const { desk } = await desktopWithPages(stage, "1001");
  const { contact } = await talk(stage, "1001");
  const before = await MaxPage.find(desk.page, "?panel");
  await before.registered(["contact"]);
  const after = await reloaded(desk, before, "?panel");
  const first = await after.registered(["contact"]);
  assert.equal(first.contactId, contact);
  await goesOnOnce(after, contact);
});
