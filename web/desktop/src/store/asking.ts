/**
 * What was asked and has not happened yet. The desk shows "asked" and waits: until the server's stream has reached the answer's
 * event, and until the switch has answered what the server asked of it.
 */

import type { Accepted, Result, Verb, VerbName } from "@cordboard/client";
import { effect, signal } from "@preact/signals";
import { agent, http, state } from "./desk.ts";
import { showProblem } from "./messages.ts";
import { saveNotes } from "./notes.ts";

/** About what: an interaction, or the agent itself. */
export type Subject = string | "agent";

interface Asked {
  readonly subject: Subject;
  readonly verb: VerbName;
  /** The journal's last event when it was taken; undefined until it was. */
  readonly seq: number | undefined;
}

const asked = signal<readonly Asked[]>([]);

export function isAsked(subject: Subject, verb: VerbName): boolean {
  return asked.value.some((one) => one.subject === subject && one.verb === verb);
}

/** Asks, unless the same is asked already. Says what was accepted; what was refused is shown. */
export async function ask(subject: Subject, verb: Verb): Promise<Accepted | undefined> {
  const own = agent.value?.id;
  if (own === undefined || isAsked(subject, verb.verb)) return undefined;
  const one: Asked = { subject, verb: verb.verb, seq: undefined };
  asked.value = [...asked.value, one];
  // It may end or complete what is written about.
  void saveNotes(subject === "agent" ? undefined : subject);
  const result = await (subject === "agent" ? http.askForAgent(own, verb) : http.askAbout(subject, verb));
  return settle(one, result);
}

/** Forgets what has happened. */
export function watch(): void {
  effect(() => {
    const left = asked.value.filter((one) => isOpen(one));
    if (left.length < asked.value.length) asked.value = left;
  });
}

function settle(one: Asked, result: Result<Accepted>): Accepted | undefined {
  const others = asked.value.filter((other) => other !== one);
  if (result.ok) {
    asked.value = [...others, { ...one, seq: result.value.seq }];
    return result.value;
  }
  asked.value = others;
  showProblem(result.problem);
  return undefined;
}

function isOpen({ subject, seq }: Asked): boolean {
  const { seq: seen = 0, requests } = state.value;
  if (seq === undefined || seen < seq) return true;
  return Object.values(requests).some((about) => about === subject);
}
