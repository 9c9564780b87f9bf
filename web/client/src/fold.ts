/** Applies events to an interaction, in the same way as the server's `model::fold`. */

import type { Conversation, Data, Event, EventOf, Interaction, Leg, Party } from "./types.ts";

/** How many calls of an interaction are kept: the first ones, as in the server. */
const CALLS_MAX = 100;

/** How many parties of a conference are kept: the first ones, as in the server. */
const CONFERENCE_MAX = 32;

/** Applies an event of the interaction. Events about other things change nothing. */
export function fold(one: Interaction, at: number, event: Event): Interaction {
  switch (event.type) {
    case "interaction-state-changed":
      return changeState(one, at, event);
    case "interaction-forced":
      return { ...one, forced_by: event.by };
    case "conversation-opened":
      return noteCall({ ...one, [event.leg]: event.conversation }, event.conversation.call);
    case "conversation-state-changed":
      return changeLeg(one, at, event);
    case "conversation-closed":
      return closeLeg(one, at, event);
    case "parties-changed":
      return changeParties(one, event);
    case "controls-changed":
      return { ...one, muted: event.muted, masked: event.masked, recording: event.recording };
    case "data-changed":
      return { ...one, data: changeData(one.data ?? {}, event.set ?? {}, event.unset ?? []) };
    case "contact-resolved":
      return {
        ...one,
        contact: event.contact ?? null,
        candidates: event.candidates ?? [],
        contact_pending: false,
      };
    case "customer-changed":
      return {
        ...one,
        customer: event.customer,
        customer_changes: (one.customer_changes ?? 0) + 1,
        contact: event.contact ?? null,
        candidates: event.candidates ?? [],
        contact_pending: event.contact_pending ?? false,
        card: null,
      };
    case "card-changed":
      return { ...one, card: event.card.name == null && event.card.image == null ? null : event.card };
    case "popped":
      return { ...one, pops: [...(one.pops ?? []), event.pop] };
    case "logged":
      return { ...one, logs: [...(one.logs ?? []), event.log] };
    case "recording-started":
      return { ...one, recordings: [...(one.recordings ?? []), event.recording] };
    case "notes-changed":
      return { ...one, notes: event.notes ?? null, disposition: event.disposition ?? null };
    default:
      return one;
  }
}

/** Whether the interaction needs a log entry before it can be completed. */
export function needsLog(one: Interaction): boolean {
  return (one.logs ?? []).length === 0 && (one.pops ?? []).some((pop) => pop.log_required === true);
}

/** The leg in state `talking`, or else the one that was talking last, or else the primary one. */
export function activeLeg(one: Interaction): Leg | undefined {
  const { primary, consult } = one;
  if (!primary || !consult) return primary ? "primary" : consult ? "consult" : undefined;
  if ((primary.state === "talking") !== (consult.state === "talking")) {
    return primary.state === "talking" ? "primary" : "consult";
  }
  return (consult.talking_at ?? 0) > (primary.talking_at ?? 0) ? "consult" : "primary";
}

function changeState(one: Interaction, at: number, event: EventOf<"interaction-state-changed">): Interaction {
  switch (event.to) {
    case "started":
      return { ...one, state: event.to, started_at: at };
    case "ended":
      return { ...one, state: event.to, ended_at: at, cause: event.cause ?? null };
    case "alerting":
    case "dialing":
    case "completed":
      return { ...one, state: event.to };
  }
}

function changeLeg(one: Interaction, at: number, event: EventOf<"conversation-state-changed">): Interaction {
  const changed = onLeg(one, event.leg, (leg) => ({
    ...leg,
    state: event.to,
    delivered: event.delivered ?? false,
    ...(event.to === "talking" ? { talking_at: at } : {}),
  }));
  return event.leg === "primary" ? hold(changed, at, event.to === "held") : changed;
}

function closeLeg(one: Interaction, at: number, event: EventOf<"conversation-closed">): Interaction {
  if (event.leg === "consult") return { ...one, consult: null };
  return { ...hold(one, at, false), transferred_to: event.to ?? null, primary: null };
}

/** Notes that the customer is on hold, or adds the time of the hold that is over. */
function hold(one: Interaction, at: number, isHeld: boolean): Interaction {
  if (isHeld) return { ...one, held_at: one.held_at ?? at };
  if (one.held_at == null) return one;
  const held = (one.held_ms ?? 0) + Math.max(0, at - one.held_at);
  // The server leaves out a zero.
  return { ...one, held_at: null, ...(held > 0 && { held_ms: held }) };
}

function changeParties(one: Interaction, event: EventOf<"parties-changed">): Interaction {
  const { call, parties } = event;
  const changed = noteCall(
    onLeg(one, event.leg, (leg) => ({ ...leg, call, parties })),
    call,
  );
  return event.leg === "primary" && parties.length > 1 ? noteConference(changed, parties) : changed;
}

/** Adds the parties of a conference. */
function noteConference(one: Interaction, parties: readonly Party[]): Interaction {
  const conference = [...(one.conference ?? [])];
  for (const party of parties) {
    const isKnown = conference.some((known) => samePlace(known.at, party.at));
    if (!isKnown && conference.length < CONFERENCE_MAX) conference.push(party);
  }
  return { ...one, conference };
}

function samePlace(one: Party["at"], other: Party["at"]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Adds the call of a leg to the interaction. */
function noteCall(one: Interaction, call: string): Interaction {
  const calls = one.calls ?? [];
  return calls.length < CALLS_MAX && !calls.includes(call) ? { ...one, calls: [...calls, call] } : one;
}

function onLeg(one: Interaction, leg: Leg, change: (leg: Conversation) => Conversation): Interaction {
  const there = one[leg];
  return there ? { ...one, [leg]: change(there) } : one;
}

function changeData(data: Data, set: Data, unset: readonly string[]): Data {
  const kept = Object.entries(data).filter(([name]) => !unset.includes(name));
  return { ...Object.fromEntries(kept), ...set };
}
