/** How interactions, people and numbers are called on the screen. */

import type { AgentView, Conversation, Interaction, NextState, Party } from "@cordboard/client";
import { floor } from "../store/desk.ts";
import { language, t } from "../texts/index.ts";

/** The customer's name: the desk's card, the directory, the switch, a colleague's, and at last the number. */
export function nameOf(one: Interaction): string {
  return one.card?.name || one.contact?.name || partyName(one.customer);
}

export function partyName(party: Party): string {
  const number = numberOf(party);
  const colleague = floor.value?.agents?.find((plan) => plan.device === number);
  const queue = floor.value?.queues?.find((plan) => plan.id === number);
  return party.name || colleague?.name || queue?.name || (number ? shown(number) : t().work.withheld);
}

/** The number to show and to dial; undefined when it is withheld. */
export function numberOf({ at }: Party): string | undefined {
  if (typeof at === "string") return undefined;
  return "device" in at ? at.device : at.outside;
}

/** The parties of a leg, by name. */
export function partiesOf(leg: Conversation): string {
  return leg.parties.map(partyName).join(", ");
}

/** A North American number in its groups; any other as it is, since the groups of others depend on the country. */
export function shown(number: string): string {
  const match = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return match ? `+1 ${match[1]} ${match[2]} ${match[3]}` : number;
}

/** What was typed as a number, without what people put between digits; undefined when it is none. */
export function dialled(text: string): string | undefined {
  const number = text.replace(/[\s().\-/]/g, "");
  return /^\+?[0-9*#]{1,64}$/.test(number) ? number : undefined;
}

export function queueName(id: string): string {
  return floor.value?.queues?.find((queue) => queue.id === id)?.name ?? id;
}

export function agentName(id: string): string {
  return floor.value?.agents?.find((plan) => plan.id === id)?.name ?? id;
}

export function reasonName(code: string): string {
  return (
    floor.value?.reasons?.find((reason) => reason.code === code)?.name ?? t().agent.reasons[code] ?? code
  );
}

export function dispositionName(code: string): string {
  return floor.value?.dispositions?.find((disposition) => disposition.code === code)?.name ?? code;
}

export function agentStateName(state: AgentView | NextState): string {
  const word = t().agent[state.state];
  return state.state === "not-ready" && state.reason ? `${word} · ${reasonName(state.reason)}` : word;
}

/** What a leg does, in a word. */
export function legState({ state, delivered }: Conversation): string {
  return state === "dialing" && delivered ? t().leg.ringing : t().leg[state];
}

/** A time of day, with the day when it is another one. */
export function clock(at: number): string {
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  const options: Intl.DateTimeFormatOptions = today
    ? { timeStyle: "short" }
    : { dateStyle: "short", timeStyle: "short" };
  return new Intl.DateTimeFormat(language.value, options).format(date);
}
