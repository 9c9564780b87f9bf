/**
 * Commands to the server, and which of them are pending. A command is pending until the event stream has reached the sequence number
 * that the server returned, and until the switch has answered the resulting request.
 */

import type { Accepted, AgentView, Result, Verb, VerbName } from "@cordboard/client";
import { effect, signal } from "@preact/signals";
import type { Messages } from "./messages.ts";
import type { Notes } from "./notes.ts";
import type { Session } from "./session.ts";

/** The subject of a command: an interaction ID, or the agent. */
export type Subject = string | "agent";

export interface Commands {
  /** Sends a command, unless the same one is pending. Shows a message if the server refuses it. */
  send(subject: Subject, verb: Verb): Promise<Accepted | undefined>;
  isPending(subject: Subject, verb: VerbName): boolean;
  /** Whether the agent can use this verb now. */
  isAllowed(verb: AgentView["can"][number]): boolean;
  /** Removes commands that are no longer pending. Returns the function that stops this. */
  start(): () => void;
}

interface PendingCommand {
  readonly subject: Subject;
  readonly verb: VerbName;
  /** The sequence number that the server returned; undefined before it answers. */
  readonly seq: number | undefined;
}

export function createCommands(session: Session, messages: Messages, notes: Pick<Notes, "save">): Commands {
  const pending = signal<readonly PendingCommand[]>([]);
  const { agent, http, state } = session;

  function isPending(subject: Subject, verb: VerbName): boolean {
    return pending.value.some((one) => one.subject === subject && one.verb === verb);
  }

  async function send(subject: Subject, verb: Verb): Promise<Accepted | undefined> {
    const own = agent.value?.id;
    if (own === undefined || isPending(subject, verb.verb)) return undefined;
    const one: PendingCommand = { subject, verb: verb.verb, seq: undefined };
    pending.value = [...pending.value, one];
    // The command may end or complete the interaction: save its notes first.
    void notes.save(subject === "agent" ? undefined : subject);
    const result = await (subject === "agent"
      ? http.commandAgent(own, verb)
      : http.commandInteraction(subject, verb));
    return settle(one, result);
  }

  function settle(one: PendingCommand, result: Result<Accepted>): Accepted | undefined {
    const others = pending.value.filter((other) => other !== one);
    if (result.ok) {
      pending.value = [...others, { ...one, seq: result.value.seq }];
      return result.value;
    }
    pending.value = others;
    messages.showProblem(result.problem);
    return undefined;
  }

  function isOpen({ subject, seq }: PendingCommand): boolean {
    const { seq: seen = 0, requests } = state.value;
    if (seq === undefined || seen < seq) return true;
    return Object.values(requests).some((about) => about === subject);
  }

  return {
    send,
    isPending,
    isAllowed: (verb) => agent.value?.can.includes(verb) ?? false,
    start: () =>
      effect(() => {
        const left = pending.value.filter(isOpen);
        if (left.length < pending.value.length) pending.value = left;
      }),
  };
}
