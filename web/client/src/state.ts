/** The state of things as one desk knows it, and the one function that changes it. */

import { fold } from "./fold.ts";
import type { Message } from "./message.ts";
import type {
  AgentView,
  Event,
  EventOf,
  EventRecord,
  Floor,
  InteractionSummary,
  InteractionView,
  Notice,
  Snapshot,
  SwitchView,
} from "./types.ts";

/** How many notices, and how many completed interactions, are remembered. */
const REMEMBERED_MAX = 50;

/** The last event that was taken in, and the journal that it is of. */
export interface Cursor {
  readonly journal: string;
  readonly seq: number;
}

export interface State {
  /** The journal that the events are of; undefined before the first snapshot. */
  readonly journal: string | undefined;
  /** The last event that was taken in; undefined before the first snapshot. */
  readonly seq: number | undefined;
  readonly floor: Floor | undefined;
  readonly agents: Readonly<Record<string, AgentView>>;
  /** Those that are not completed. */
  readonly interactions: Readonly<Record<string, InteractionView>>;
  readonly switches: Readonly<Record<string, SwitchView>>;
  /** The newest last. */
  readonly notices: readonly NoticeView[];
  /** What switches were asked and have not answered: for each request the interaction, or `agent`, that it is about. */
  readonly requests: Readonly<Record<string, string>>;
  /** What was completed since this desk began to look; the newest last. */
  readonly completed: readonly InteractionSummary[];
}

/** A notice, and when and about what it came. */
export interface NoticeView extends Notice {
  readonly seq: number;
  readonly at: number;
  readonly interaction?: string | null;
}

export const NOTHING: State = {
  journal: undefined,
  seq: undefined,
  floor: undefined,
  agents: {},
  interactions: {},
  switches: {},
  notices: [],
  requests: {},
  completed: [],
};

/** Takes in what the server said. Gives the very same state back when nothing changed. */
export function reduce(state: State, message: Message): State {
  switch (message.type) {
    case "snapshot":
      return { ...begin(state, message.snapshot), journal: message.journal };
    case "resumed":
      return state;
    case "event":
      return { ...happen(state, message, message.event), seq: message.seq };
    case "can":
      return allow(state, message);
    case "floor":
      return { ...state, floor: message.floor };
  }
}

/** Where the stream goes on after a lost connection. */
export function cursorOf({ journal, seq }: State): Cursor | undefined {
  return journal === undefined || seq === undefined ? undefined : { journal, seq };
}

/** Whether an event follows what was taken in: the server names the one that it delivered before. */
export function follows(state: State, message: Message): boolean {
  return message.type !== "event" || message.prev === state.seq;
}

function begin(state: State, snapshot: Snapshot): State {
  return {
    ...state,
    seq: snapshot.seq,
    agents: byId(snapshot.agents),
    interactions: byId(snapshot.interactions),
    switches: byId(snapshot.switches),
    requests: {},
  };
}

function happen(state: State, record: EventRecord, event: Event): State {
  switch (event.type) {
    case "floor-changed":
      return { ...state, floor: event.floor, agents: planned(state, event.floor) };
    case "switch-link-changed":
      return { ...state, switches: { ...state.switches, [event.switch]: switchView(event) } };
    case "agent-signed-in":
    case "agent-state-changed":
    case "agent-next-changed":
    case "agent-signed-out":
      return onAgent(state, record.at, event);
    case "interaction-opened":
      return put(state, { ...event.interaction, can: [] });
    case "interaction-completed":
      return complete(state, event.summary);
    case "notes-changed":
      return amend(onInteraction(state, record, event), event);
    case "notice-raised":
      return { ...state, notices: remember(state.notices, noticed(record, event)) };
    case "switch-requested":
      return { ...state, requests: { ...state.requests, [event.request]: event.interaction ?? "agent" } };
    case "switch-answered": {
      const { [event.request]: _, ...requests } = state.requests;
      return { ...state, requests };
    }
    case "agent-desk-changed":
    case "queue-changed":
      return state;
    default:
      return onInteraction(state, record, event);
  }
}

function onInteraction(
  state: State,
  record: EventRecord,
  event: Event & { readonly interaction: string },
): State {
  const one = state.interactions[event.interaction];
  return one ? put(state, { ...fold(one, record.at, event), can: one.can }) : state;
}

/** The record of a completed interaction may be changed for a while. */
function amend(state: State, { interaction: id, notes, disposition }: EventOf<"notes-changed">): State {
  if (!state.completed.some(({ interaction }) => interaction.id === id)) return state;
  const completed = state.completed.map((summary) =>
    summary.interaction.id === id
      ? { ...summary, notes: notes ?? null, disposition: disposition ?? null }
      : summary,
  );
  return { ...state, completed };
}

/** The agents as another floor has them: those that it does not have are gone. */
function planned(state: State, floor: Floor): State["agents"] {
  const agents: Record<string, AgentView> = {};
  for (const { id, name, device, queues = [] } of floor.agents ?? []) {
    const agent = state.agents[id];
    // Who is at work stays at its phone and in its queues.
    if (agent)
      agents[id] = agent.state === "signed-out" ? { ...agent, name, device, queues } : { ...agent, name };
  }
  return agents;
}

function switchView({ switch: id, up, features }: EventOf<"switch-link-changed">): SwitchView {
  return { id, up, features };
}

type AgentEvent = EventOf<
  "agent-signed-in" | "agent-state-changed" | "agent-next-changed" | "agent-signed-out"
>;

function onAgent(state: State, at: number, event: AgentEvent): State {
  const agent = state.agents[event.agent];
  if (!agent) return state;
  return { ...state, agents: { ...state.agents, [event.agent]: changeAgent(state, agent, at, event) } };
}

function changeAgent(state: State, agent: AgentView, at: number, event: AgentEvent): AgentView {
  const { id, name, can } = agent;
  const seat = { device: agent.device ?? null, queues: agent.queues };
  switch (event.type) {
    case "agent-signed-in":
      return {
        id,
        name,
        can,
        device: event.device,
        queues: event.queues,
        since: at,
        state: "not-ready",
        reason: "signed-in",
      };
    case "agent-state-changed":
      return { id, name, can, ...seat, since: at, next: event.next ?? null, ...event.to };
    case "agent-next-changed":
      return { ...agent, next: event.next ?? null };
    case "agent-signed-out": {
      const plan = state.floor?.agents?.find((plan) => plan.id === id);
      const own = plan ? { device: plan.device, queues: plan.queues ?? [] } : seat;
      return { id, name, can, ...own, since: at, state: "signed-out" };
    }
  }
}

function put(state: State, one: InteractionView): State {
  return { ...state, interactions: { ...state.interactions, [one.id]: one } };
}

function complete(state: State, summary: InteractionSummary): State {
  const { [summary.interaction.id]: _, ...interactions } = state.interactions;
  return { ...state, interactions, completed: remember(state.completed, summary) };
}

/** Takes over what the server says may be asked. An interaction that is not known yet gets its own with the next such message. */
function allow(state: State, message: Extract<Message, { type: "can" }>): State {
  const interactions = { ...state.interactions };
  for (const [id, can] of Object.entries(message.interactions)) {
    const one = interactions[id];
    if (one) interactions[id] = { ...one, can };
  }
  const agent = state.agents[message.agent];
  const agents = agent ? { ...state.agents, [agent.id]: { ...agent, can: message.can } } : state.agents;
  return { ...state, interactions, agents };
}

function noticed(record: EventRecord, event: EventOf<"notice-raised">): NoticeView {
  return { ...event.notice, seq: record.seq, at: record.at, interaction: event.interaction ?? null };
}

function remember<T>(list: readonly T[], one: T): readonly T[] {
  return [...list, one].slice(-REMEMBERED_MAX);
}

function byId<T extends { readonly id: string }>(list: readonly T[]): Readonly<Record<string, T>> {
  return Object.fromEntries(list.map((one) => [one.id, one]));
}
