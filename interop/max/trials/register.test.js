// Registration (max.md §11) by a page of another origin in a frame of the desktop.

import assert from "node:assert/strict";
import { trial } from "../../desktop/support/trial.js";
import { desktopWithPages, talk } from "../support/floor.js";
import { isCall, kinds, MaxPage } from "../support/page.js";

const ack = (contactId, status = "OK", reason = "Success") => ({
  messageType: "ClientEventSubscriptionAcknowledge",
  contactId,
  status,
  reason,
});
const noTypes = ack(null, "ERROR", "Invalid Subscription Types");
const noContact = ack(null, "ERROR", "Invalid Contact Id");

trial("1, 13: the acknowledgement comes first, then the agent state, then the calls", async (stage) => {
  const { bare } = await desktopWithPages(stage, "1001");
  const { contact } = await talk(stage, "1001");
  const envelope = await bare.registered(["agent", "contacts"]);
  assert.equal(envelope.contactId, null);
  assert.deepEqual(envelope.events[0], ack(null));
  assert.deepEqual(kinds([envelope]), [
    "ClientEventSubscriptionAcknowledge",
    "AgentState",
    "CallContactEvent",
  ]);
  assert.equal(envelope.events[1].CurrentState, "InboundContact");
  assert.ok(isCall("Active", contact)(envelope.events[2]));
  await bare.unregister();
  const contacts = await bare.registered(["contacts"]);
  assert.deepEqual(kinds([contacts]), ["ClientEventSubscriptionAcknowledge", "CallContactEvent"]);
  await bare.say("MuteEvent");
  assert.deepEqual(kinds(await bare.rest()), [], "muting concerns no contact");
});

trial("2, 3: types are known in any case, and unknown ones are left out with a warning", async (stage) => {
  const { bare, seat } = await desktopWithPages(stage, "1001");
  assert.deepEqual((await bare.registered(["AGENT"])).events[0], ack(null));
  await bare.unregister();
  assert.deepEqual((await bare.registered(["foo", "agent"])).events[0], ack(null));
  await stage.until("a warning", () =>
    seat.lines.some((line) => line.startsWith("warning:") && line.includes("foo")),
  );
});

trial("4: a subscription without a type is refused, and a second attempt works", async (stage) => {
  const { bare } = await desktopWithPages(stage, "1001");
  for (const types of [[], ["foo"], undefined, "agent"]) {
    const refused = await bare.registered(types);
    assert.deepEqual(refused, { issuer: "MAX", contactId: null, events: [noTypes] });
  }
  await stage.node.ask("POST", "/agents/1001/commands", { verb: "ready" }, "1001");
  assert.deepEqual(await bare.rest(), [], "a refused page gets no events");
  assert.deepEqual((await bare.registered(["agent"])).events[0], ack(null));
});

trial("5, 6: the contact ID is checked first, and can be a string", async (stage) => {
  const { bare } = await desktopWithPages(stage, "1001");
  for (const contactId of [0, "abc", "0", 1.5, -1]) {
    const refused = await bare.registered([], { contactId });
    assert.deepEqual(refused.events, [noContact], String(contactId));
  }
  const taken = await bare.registered(["contact"], { contactId: "304828365" });
  assert.deepEqual(taken, { issuer: "MAX", contactId: 304828365, events: [ack(304828365)] });
});

trial("7: a contact panel gets its contact", async (stage) => {
  const { desk } = await desktopWithPages(stage, "1001");
  const { contact } = await talk(stage, "1001");
  const panel = await MaxPage.find(desk.page, "?panel");
  const envelope = await panel.registered(["contact"]);
  assert.deepEqual(envelope.events[0], ack(contact));
  assert.equal(envelope.contactId, contact);
  assert.ok(isCall("Active", contact)(envelope.events[1]));
  await panel.say("HoldEvent");
  assert.ok(await panel.event("the call is held", isCall("Holding", contact)));
  assert.deepEqual(kinds(await panel.rest()), [], "only events of its own contact");
});

trial("8, 11: a workspace has no contact, and agent events contain no call", async (stage) => {
  const { bare } = await desktopWithPages(stage, "1001");
  assert.deepEqual((await bare.registered(["contact"])).events, [ack(null)]);
  await talk(stage, "1001");
  assert.deepEqual(kinds(await bare.rest()), [], "no contact was requested, and there is none");
  await bare.unregister();
  assert.deepEqual(kinds([await bare.registered(["agent"])]), [
    "ClientEventSubscriptionAcknowledge",
    "AgentState",
  ]);
  await bare.say("MuteEvent");
  await bare.event("muted", (event) => event.Type === "Mute" && event.AgentMuted === "True");
  await bare.say("HangupEvent");
  await bare.event("another state", (event) => event.Type === "AgentState");
  const heard = new Set(kinds(await bare.envelopes()));
  assert.ok(!heard.has("CallContactEvent") && !heard.has("SessionInfo"), [...heard].join());
});

trial("9, 10: a window can register again only after it unregistered", async (stage) => {
  const { bare, seat } = await desktopWithPages(stage, "1001");
  assert.deepEqual((await bare.registered(["agent"])).events[0], ack(null));
  await bare.register(["agent"]);
  await stage.until("a warning with the issuer", () =>
    seat.lines.some(
      (line) => line.startsWith("warning:") && line.includes("[Trial]") && line.includes("subscribed"),
    ),
  );
  assert.deepEqual(await bare.rest(), [], "the second registration gets no answer");
  await bare.unregister();
  assert.deepEqual((await bare.registered(["agent"])).events[0], ack(null));
});

trial("12: the session’s token is sent on request, without other events", async (stage) => {
  const { bare } = await desktopWithPages(stage, "1001");
  const envelope = await bare.registered(["sessioninfo"]);
  assert.deepEqual(kinds([envelope]), ["ClientEventSubscriptionAcknowledge", "SessionInfo"]);
  assert.ok(envelope.events[1].sessionToken.length > 0);
  await talk(stage, "1001");
  assert.deepEqual(kinds(await bare.rest()), []);
});

trial("all: the acknowledgement contains the complete state, and all events follow", async (stage) => {
  const { bare } = await desktopWithPages(stage, "1001");
  await talk(stage, "1001");
  const envelope = await bare.registered(["all"]);
  const state = kinds([envelope]);
  assert.deepEqual(state, [
    "ClientEventSubscriptionAcknowledge",
    "AgentState",
    "CallContactEvent",
    "SessionInfo",
  ]);
  await bare.say("MuteEvent");
  await bare.event("muted", (event) => event.Type === "Mute");
  await bare.say("HangupEvent");
  await bare.event("over", isCall("Disconnected"));
});

trial("18: message names are case-sensitive", async (stage) => {
  const { bare } = await desktopWithPages(stage, "1001");
  await bare.say("registerforclientevents", { subscriptionTypes: ["all"] });
  for (const said of ["RegisterForClientEvents", null, 7, [], { messageType: 7 }]) await bare.post(said);
  assert.deepEqual(await bare.rest(), []);
});

trial("19: a panel gets only events of its contact, in order", async (stage) => {
  await stage.node.floor((floor) => {
    for (const queue of floor.queues) queue.wrap_up_ms = 60_000;
  });
  const { bare, desk } = await desktopWithPages(stage, "1001");
  const { contact } = await talk(stage, "1001");
  const panel = await MaxPage.find(desk.page, "?panel");
  await bare.registered(["all"]);
  await panel.registered(["contact"]);
  await panel.say("HoldEvent");
  await bare.event("held", isCall("Holding"));
  await panel.say("HoldEvent");
  await bare.event("back", isCall("Active"));
  await panel.say("HangupEvent");
  await bare.event("over", isCall("Disconnected"));
  await bare.rest();
  const own = (event) => event.ContactID === String(contact);
  const all = (await bare.envelopes()).slice(1).flatMap(({ events }) => events);
  const some = (await panel.envelopes()).slice(1);
  assert.ok(
    some.every(({ events }) => events.length > 0),
    "no envelope is empty",
  );
  assert.deepEqual(
    some.flatMap(({ events }) => events),
    all.filter(own),
  );
  assert.ok(
    all.some((event) => !own(event)),
    "there are events of other contacts",
  );
});

trial("20: a page that registers before the agent signs in gets an event at the sign-in", async (stage) => {
  const { bare } = await desktopWithPages(stage, "1001", { atWork: false });
  assert.deepEqual((await bare.registered(["all"])).events[0], ack(null));
  await stage.node.ask("POST", "/agents/1001/commands", { verb: "sign-in" }, "1001");
  await bare.event("the session began", (event) => event.Type === "AgentSessionStart");
});
