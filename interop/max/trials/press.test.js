// Commands and card data from pages, and windows whose messages are ignored.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { trial } from "../../desktop/support/trial.js";
import { desktopWithPages, talk } from "../support/floor.js";
import { isCall, MaxPage } from "../support/page.js";

/** How long a trial waits for something that must not happen. Milliseconds. */
const NOTHING_MS = 500;

const of = async (stage) => (await stage.node.works("1001"))[0];
const calls = async (stage) => (await stage.node.ask("GET", "/simulated/calls")).items;

/** A picture as a data URL. */
async function picture() {
  const svg = await readFile(new URL("../pages/zelda.svg", import.meta.url));
  return `data:image/svg+xml;base64,${svg.toString("base64")}`;
}

// Runs in the page.
const isSeen = (image) =>
  [...document.images].some((one) => one.src === image && one.complete && one.naturalWidth > 0);

trial("14: hold is a toggle", async (stage) => {
  const { bare } = await desktopWithPages(stage, "1001");
  const { contact } = await talk(stage, "1001");
  await bare.registered(["contacts"]);
  await bare.say("HoldEvent");
  await bare.event("held", isCall("Holding", contact));
  await bare.say("HoldEvent");
  await bare.event("back", isCall("Active", contact));
});

trial("mute and mask are toggles", async (stage) => {
  const { bare } = await desktopWithPages(stage, "1001");
  const { contact } = await talk(stage, "1001");
  await bare.registered(["all"]);
  for (const [command, is] of [
    ["MuteEvent", "True"],
    ["MuteEvent", "False"],
  ]) {
    await bare.say(command);
    await bare.event(command, (event) => event.Type === "Mute" && event.AgentMuted === is);
  }
  await bare.say("RecordEvent");
  await bare.event("recording", (event) => event.IsLogging === "True");
  await bare.say("MaskEvent");
  await bare.event("masked", isCall("Masking", contact));
  await bare.say("MaskEvent");
  await bare.event("back", isCall("Active", contact));
});

trial("15: recording starts once", async (stage) => {
  const { bare } = await desktopWithPages(stage, "1001");
  await talk(stage, "1001");
  await bare.registered(["contacts"]);
  await bare.say("RecordEvent");
  await bare.event("recording", (event) => event.IsLogging === "True");
  await bare.say("RecordEvent");
  await sleep(NOTHING_MS);
  assert.equal((await of(stage)).recording, true);
});

trial("16: hanging up needs no confirmation, and does nothing while the call is held", async (stage) => {
  const { bare } = await desktopWithPages(stage, "1001");
  const { contact } = await talk(stage, "1001");
  await bare.registered(["contacts"]);
  await bare.say("HoldEvent");
  await bare.event("held", isCall("Holding", contact));
  await bare.say("HangupEvent");
  await sleep(NOTHING_MS);
  assert.equal((await of(stage)).primary.state, "held");
  await bare.say("HoldEvent");
  await bare.event("back", isCall("Active", contact));
  await bare.say("HangupEvent");
  await bare.event("over", isCall("Disconnected", contact));
});

trial("17: answer and refuse apply to a ringing call", async (stage) => {
  const { bare } = await desktopWithPages(stage, "1001");
  await bare.registered(["all"]);
  await bare.say("AnswerEvent");
  await bare.say("RefuseEvent");
  await stage.node.ask("POST", "/agents/1001/commands", { verb: "ready" }, "1001");
  await stage.node.call("+14155550100", "1001");
  const { ContactID } = await bare.event("the call rings", isCall("Incoming"));
  await bare.say("AnswerEvent");
  await bare.event("the call is active", isCall("Active", ContactID));
  await bare.say("RefuseEvent");
  await sleep(NOTHING_MS);
  assert.equal((await of(stage)).primary.state, "talking");
  await bare.say("HangupEvent");
  await bare.event("over", isCall("Disconnected", ContactID));
  await stage.node.ask("POST", "/agents/1001/commands", { verb: "ready" }, "1001").catch(() => {});
  await stage.node.call("+14155550101", "1001");
  const next = await bare.event("it rings again", isCall("Incoming"));
  await bare.say("RefuseEvent");
  await bare.event("the call is disconnected", isCall("Disconnected", next.ContactID));
  await stage.until(
    "the call has ended",
    async () => !(await of(stage)) || (await of(stage)).state === "ended",
  );
});

trial("a page sets the card of its contact", async (stage) => {
  const { desk } = await desktopWithPages(stage, "1001");
  const { contact } = await talk(stage, "1001");
  const panel = await MaxPage.find(desk.page, "?panel");
  const image = await picture();
  await panel.say("ContactCardData", { contactCardData: { name: "Zelda Example", userImg: image } });
  await desk.page.getByText("Zelda Example").first().waitFor();
  await stage.until("the picture is seen", () => desk.page.evaluate(isSeen, image));
  const { card } = await of(stage);
  assert.deepEqual(card, { name: "Zelda Example", image });
  await panel.say("ContactCardData", { contactId: contact, contactCardData: { name: "Zoe Example" } });
  await desk.page.getByText("Zoe Example").first().waitFor();
  assert.equal((await of(stage)).card.image, image, "fields that the message does not contain stay");
});

trial("a frame that navigated to another origin is ignored", async (stage) => {
  const { bare, origins, desk } = await desktopWithPages(stage, "1001");
  await bare.frame.goto(`${origins.name}/bare.html?moved`);
  const moved = await MaxPage.find(desk.page, "?moved");
  await moved.register(["all"]);
  assert.deepEqual(await moved.rest(), []);
  await talk(stage, "1001");
  await moved.say("HangupEvent");
  await sleep(NOTHING_MS);
  assert.equal((await of(stage)).primary.state, "talking");
  assert.deepEqual(await moved.rest(), []);
});

trial("a window that is not a configured page is ignored", async (stage) => {
  const { bare, desk } = await desktopWithPages(stage, "1001");
  await talk(stage, "1001");
  // A frame inside the page's frame posts directly to the desktop.
  await bare.frame.evaluate(() => {
    const frame = document.createElement("iframe");
    frame.src = "/bare.html?inner";
    document.body.append(frame);
  });
  const inner = await MaxPage.find(desk.page, "?inner");
  const toTop = (messageType) =>
    inner.frame.evaluate(
      (name) => window.top.postMessage({ messageType: name, subscriptionTypes: ["all"] }, "*"),
      messageType,
    );
  await toTop("RegisterForClientEvents");
  await toTop("HangupEvent");
  await sleep(NOTHING_MS);
  assert.equal((await of(stage)).primary.state, "talking");
  assert.deepEqual(await inner.rest(), []);
  assert.equal((await calls(stage)).length, 1);
});

trial("messages of MAX go to the exact origin of the page", async (stage) => {
  const { bare, desk } = await desktopWithPages(stage, "1001");
  await bare.registered(["agent"]);
  const other = await MaxPage.find(desk.page, "?other");
  await other.registered(["agent"]);
  for (const page of [bare, other]) {
    const heard = await page.frame.evaluate(() => window.heard);
    assert.ok(heard.every(({ origin, fromAround }) => origin === stage.node.url && fromAround));
  }
});
