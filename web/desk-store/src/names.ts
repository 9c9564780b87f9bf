/** Display names of interactions, people, queues and numbers. */

import type { AgentView, Conversation, Floor, Interaction, NextState, Party } from "@cordboard/client";
import { language, t } from "@cordboard/texts";
import type { ReadonlySignal } from "@preact/signals";

/** Display names, looked up in the floor. */
export interface Names {
  /** The customer's name from the first source that has one: the card, the directory, the switch, the floor, the number. */
  nameOf(one: Interaction): string;
  partyName(party: Party): string;
  /** The names of all parties of a conversation. */
  partiesOf(leg: Conversation): string;
  queueName(id: string): string;
  agentName(id: string): string;
  reasonName(code: string): string;
  dispositionName(code: string): string;
  agentStateName(state: AgentView | NextState): string;
}

export function createNames(floor: ReadonlySignal<Floor | undefined>): Names {
  function partyName(party: Party): string {
    const number = numberOf(party);
    const colleague = floor.value?.agents?.find((plan) => plan.device === number);
    const queue = floor.value?.queues?.find((plan) => plan.id === number);
    return (
      party.name || colleague?.name || queue?.name || (number ? formatNumber(number) : t().work.withheld)
    );
  }

  function reasonName(code: string): string {
    return (
      floor.value?.reasons?.find((reason) => reason.code === code)?.name ?? t().agent.reasons[code] ?? code
    );
  }

  return {
    nameOf: (one) => one.card?.name || one.contact?.name || partyName(one.customer),
    partyName,
    partiesOf: (leg) => leg.parties.map(partyName).join(", "),
    queueName: (id) => floor.value?.queues?.find((queue) => queue.id === id)?.name ?? id,
    agentName: (id) => floor.value?.agents?.find((plan) => plan.id === id)?.name ?? id,
    reasonName,
    dispositionName: (code) =>
      floor.value?.dispositions?.find((disposition) => disposition.code === code)?.name ?? code,
    agentStateName(state) {
      const word = t().agent[state.state];
      return state.state === "not-ready" && state.reason ? `${word} · ${reasonName(state.reason)}` : word;
    },
  };
}

/** The number to show and to dial; undefined if it is withheld. */
export function numberOf({ at }: Party): string | undefined {
  if (typeof at === "string") return undefined;
  return "device" in at ? at.device : at.outside;
}

/** Formats a North American number in groups. Other numbers stay as they are: their format depends on the country. */
export function formatNumber(number: string): string {
  const match = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return match ? `+1 ${match[1]} ${match[2]} ${match[3]}` : number;
}

/** Removes separators from a typed number; undefined if the text is not a number. */
export function parseNumber(text: string): string | undefined {
  const number = text.replace(/[\s().\-/]/g, "");
  return /^\+?[0-9*#]{1,64}$/.test(number) ? number : undefined;
}

/** The state of a conversation. */
export function legState({ state, delivered }: Conversation): string {
  return state === "dialing" && delivered ? t().leg.ringing : t().leg[state];
}

/** The time of day, with the date if it is not today. */
export function formatTime(at: number): string {
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  const options: Intl.DateTimeFormatOptions = today
    ? { timeStyle: "short" }
    : { dateStyle: "short", timeStyle: "short" };
  return new Intl.DateTimeFormat(language.value, options).format(date);
}

/** A duration such as `4:07` or `1:04:07`. */
export function formatDuration(ms: number): string {
  const whole = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (part: number) => String(part).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}
