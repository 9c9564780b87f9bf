/**
 * What was asked and has not happened yet. The desk shows "asked" and waits: until the server's stream has reached the answer's
 * event, and until the switch has answered what the server asked of it.
 */

import type { Accepted, AgentView, Result, Verb, VerbName } from "@cordboard/client";
import { effect, signal } from "@preact/signals";
import type { Messages } from "./messages.ts";
import type { Notes } from "./notes.ts";
import type { Session } from "./session.ts";

/** About what: an interaction, or the agent itself. */
export type Subject = string | "agent";

export interface Asking {
  /** Asks, unless the same is asked already. Says what was accepted; what was refused is shown. */
  ask(subject: Subject, verb: Verb): Promise<Accepted | undefined>;
  isAsked(subject: Subject, verb: VerbName): boolean;
  /** Whether the agent may ask this now. */
  may(verb: AgentView["can"][number]): boolean;
  /** Forgets what has happened. */
  start(): () => void;
}

interface Asked {
  readonly subject: Subject;
  readonly verb: VerbName;
  /** The journal's last event when it was taken; undefined until it was. */
  readonly seq: number | undefined;
}

export function createAsking(session: Session, messages: Messages, notes: Pick<Notes, "save">): Asking {
  const asked = signal<readonly Asked[]>([]);
  const { agent, http, state } = session;

  function isAsked(subject: Subject, verb: VerbName): boolean {
    return asked.value.some((one) => one.subject === subject && one.verb === verb);
  }

  async function ask(subject: Subject, verb: Verb): Promise<Accepted | undefined> {
    const own = agent.value?.id;
    if (own === undefined || isAsked(subject, verb.verb)) return undefined;
    const one: Asked = { subject, verb: verb.verb, seq: undefined };
    asked.value = [...asked.value, one];
    // It may end or complete what is written about.
    void notes.save(subject === "agent" ? undefined : subject);
    const result = await (subject === "agent" ? http.askForAgent(own, verb) : http.askAbout(subject, verb));
    return settle(one, result);
  }

  function settle(one: Asked, result: Result<Accepted>): Accepted | undefined {
    const others = asked.value.filter((other) => other !== one);
    if (result.ok) {
      asked.value = [...others, { ...one, seq: result.value.seq }];
      return result.value;
    }
    asked.value = others;
    messages.showProblem(result.problem);
    return undefined;
  }

  function isOpen({ subject, seq }: Asked): boolean {
    const { seq: seen = 0, requests } = state.value;
    if (seq === undefined || seen < seq) return true;
    return Object.values(requests).some((about) => about === subject);
  }

  return {
    ask,
    isAsked,
    may: (verb) => agent.value?.can.includes(verb) ?? false,
    start: () =>
      effect(() => {
        const left = asked.value.filter(isOpen);
        if (left.length < asked.value.length) asked.value = left;
      }),
  };
}
