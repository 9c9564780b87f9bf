/** The state of a desk, and the reducer that changes it. */

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

/** How many notices and how many completed interactions are kept. */
const KEPT_MAX = 50;

/** The last event that was applied, and its journal. */
export interface Cursor {
  readonly journal: string;
  readonly seq: number;
}

export interface State {
  /** The ID of the journal; undefined before the first snapshot. */
  readonly journal: string | undefined;
  /** The sequence number of the last applied event; undefined before the first snapshot. */
  readonly seq: number | undefined;
  readonly floor: Floor | undefined;
  readonly agents: Readonly<Record<string, AgentView>>;
  /** Interactions that are not completed, by ID. */
  readonly interactions: Readonly<Record<string, InteractionView>>;
  readonly switches: Readonly<Record<string, SwitchView>>;
  /** Notices, the newest last. */
  readonly notices: readonly NoticeView[];
  /** Open requests to switches, by request ID. The value is the interaction of the request, or `agent`. */
  readonly requests: Readonly<Record<string, string>>;
  /** Interactions that were completed while this page was connected, the newest last. */
  readonly completed: readonly InteractionSummary[];
}

/** A notice with its event’s sequence number and time, and its interaction. */
export interface NoticeView extends Notice {
  readonly seq: number;
  readonly at: number;
  readonly interaction?: string | null;
}

export const EMPTY_STATE: State = {
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

/** Applies a message of the server. Returns the same object if nothing changed. */
export function reduce(state: State, message: Message): State {
  switch (message.type) {
    case "snapshot":
      return { ...fromSnapshot(state, message.snapshot), journal: message.journal };
    case "resumed":
      return state;
    case "event":
      return { ...applyEvent(state, message, message.event), seq: message.seq };
    case "can":
      return allow(state, message);
    case "floor":
      return { ...state, floor: message.floor };
  }
}

/** The position from which the stream continues after a lost connection. */
export function cursorOf({ journal, seq }: State): Cursor | undefined {
  return journal === undefined || seq === undefined ? undefined : { journal, seq };
}

/** Whether a message directly follows the last applied event. */
export function follows(state: State, message: Message): boolean {
  return message.type !== "event" || message.prev === state.seq;
}

function fromSnapshot(state: State, snapshot: Snapshot): State {
  return {
    ...state,
    seq: snapshot.seq,
    agents: byId(snapshot.agents),
    interactions: byId(snapshot.interactions),
    switches: byId(snapshot.switches),
    requests: {},
  };
}

function applyEvent(state: State, record: EventRecord, event: Event): State {
  switch (event.type) {
    case "floor-changed":
      return { ...state, floor: event.floor, agents: withFloor(state, event.floor) };
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
      return changeNotes(onInteraction(state, record, event), event);
    case "notice-raised":
      return { ...state, notices: append(state.notices, noticeView(record, event)) };
    case "switch-requested":
      return { ...state, requests: { ...state.requests, [event.request]: event.interaction ?? "agent" } };
    case "switch-answered": {
      const { [event.request]: _, ...requests } = state.requests;
      return { ...state, requests };
    }
    case "agent-desk-changed":
    case "queue-changed":
    case "switch-phones-listed":
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

/** Changes the notes of a completed interaction: the server allows that for a while. */
function changeNotes(state: State, { interaction: id, notes, disposition }: EventOf<"notes-changed">): State {
  if (!state.completed.some(({ interaction }) => interaction.id === id)) return state;
  const completed = state.completed.map((summary) =>
    summary.interaction.id === id
      ? { ...summary, notes: notes ?? null, disposition: disposition ?? null }
      : summary,
  );
  return { ...state, completed };
}

/** Updates the agents from a changed floor, and removes agents that it does not have. */
function withFloor(state: State, floor: Floor): State["agents"] {
  const agents: Record<string, AgentView> = {};
  for (const { id, name, device, queues = [] } of floor.agents ?? []) {
    const agent = state.agents[id];
    // A signed-in agent keeps its device and queues until it signs out.
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
  const place = { device: agent.device ?? null, queues: agent.queues };
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
      return { id, name, can, ...place, since: at, next: event.next ?? null, ...event.to };
    case "agent-next-changed":
      return { ...agent, next: event.next ?? null };
    case "agent-signed-out": {
      const plan = state.floor?.agents?.find((plan) => plan.id === id);
      const own = plan ? { device: plan.device, queues: plan.queues ?? [] } : place;
      return { id, name, can, ...own, since: at, state: "signed-out" };
    }
  }
}

function put(state: State, one: InteractionView): State {
  return { ...state, interactions: { ...state.interactions, [one.id]: one } };
}

function complete(state: State, summary: InteractionSummary): State {
  const { [summary.interaction.id]: _, ...interactions } = state.interactions;
  return { ...state, interactions, completed: append(state.completed, summary) };
}

/** Updates the allowed verbs. A new interaction gets its verbs with the next such message. */
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

function noticeView(record: EventRecord, event: EventOf<"notice-raised">): NoticeView {
  return { ...event.notice, seq: record.seq, at: record.at, interaction: event.interaction ?? null };
}

function append<T>(list: readonly T[], one: T): readonly T[] {
  return [...list, one].slice(-KEPT_MAX);
}

function byId<T extends { readonly id: string }>(list: readonly T[]): Readonly<Record<string, T>> {
  return Object.fromEntries(list.map((one) => [one.id, one]));
}
