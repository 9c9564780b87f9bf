// A consult in pages of MAX: a contact of its own, at both agents.

import assert from "node:assert/strict";
import { trial } from "../../desktop/support/trial.js";
import { desktopWithPages, talk } from "../support/floor.js";
import { isCall } from "../support/page.js";

const command = (stage, id, said, agent) =>
  stage.node.ask("POST", `/interactions/${id}/commands`, said, agent);

/** An event of a consult with this status. */
const isConsult = (status) => (event) => isCall(status)(event) && event.CallType === "Consult";

const isState = (state) => (event) => event.Type === "AgentState" && event.CurrentState === state;

trial("a consult is a contact of its own, and is joined in a conference", async (stage) => {
  const { bare } = await desktopWithPages(stage, "1001");
  await stage.desk("1002");
  const { id, contact } = await talk(stage, "1001");
  await bare.registered(["contacts"]);
  await command(stage, id, { verb: "consult", to: "1002" }, "1001");
  const consult = await bare.event("the consult", isConsult("Dialing"));
  assert.deepEqual(
    [consult.MasterID, consult.ParentContactId, consult.DNIS, consult.IsInbound, consult.FinalState],
    [String(contact), String(contact), "1002", "False", "False"],
  );
  assert.ok(Number.isSafeInteger(Number(consult.ContactID)), consult.ContactID);
  const [colleague] = await stage.until("1002 rings", async () => {
    const works = await stage.node.works("1002");
    return works.length === 1 && works;
  });
  await command(stage, colleague.id, { verb: "answer" }, "1002");
  await bare.event("the colleague talks", isCall("Active", consult.ContactID));

  // The buttons apply to the contact that the page names.
  await bare.say("HoldEvent", { contactId: Number(consult.ContactID) });
  await bare.event("the colleague is on hold", isCall("Holding", consult.ContactID));
  await bare.say("HoldEvent", { contactId: Number(consult.ContactID) });
  await bare.event("the colleague talks again", isCall("Active", consult.ContactID));

  await command(stage, id, { verb: "merge" }, "1001");
  await bare.event("the conference", isCall("Joined", consult.ContactID));
  await command(stage, colleague.id, { verb: "hang-up" }, "1002");
  const over = await bare.event("the colleague left", isCall("Disconnected", consult.ContactID));
  assert.equal(over.FinalState, "True");
});

trial("the consulted agent gets a consult, and after the transfer the customer", async (stage) => {
  const { bare } = await desktopWithPages(stage, "1002");
  await stage.desk("1001");
  const { id, contact } = await talk(stage, "1001");
  await bare.registered(["agent", "contacts"]);
  await command(stage, id, { verb: "consult", to: "1002" }, "1001");
  const { events } = await bare.next();
  const consult = events.find(isConsult("Incoming"));
  assert.ok(events.some(isState("InboundConsult")), JSON.stringify(events));
  assert.deepEqual([consult.MasterID, consult.ANI, consult.IsInbound], [String(contact), "1001", "True"]);
  await bare.say("AnswerEvent");
  await bare.event("it is answered", isCall("Active", consult.ContactID));
  await command(stage, id, { verb: "complete-transfer" }, "1001");
  const regular = await bare.event(
    "the customer",
    (event) => isCall("Active", consult.ContactID)(event) && event.CallType === "Regular",
  );
  assert.deepEqual([regular.MasterID, regular.ANI], [String(contact), "+14155550100"]);
});
