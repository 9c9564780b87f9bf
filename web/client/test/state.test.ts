import { describe, expect, it } from "vitest";
import {
  EMPTY_STATE,
  type Event,
  type Floor,
  follows,
  type InteractionView,
  type Message,
  reduce,
  type State,
} from "../src/index.ts";

const ID = "01890000-0000-7000-8000-000000000001";

const ringing: InteractionView = {
  id: ID,
  number: 1,
  linkage: "01890000-0000-7000-8000-000000000002",
  agent: "1001",
  device: "1001",
  direction: "inbound",
  queue: "7700",
  customer: { at: { outside: "+14155550100" } },
  state: "alerting",
  opened_at: 1000,
  primary: { id: ID, call: "c1", state: "alerting", parties: [{ at: { outside: "+14155550100" } }] },
  can: ["answer", "reject"],
};

const start: Message = {
  type: "snapshot",
  journal: "j1",
  seq: 10,
  resync: false,
  snapshot: {
    seq: 10,
    at: 1000,
    agents: [{ id: "1001", name: "Ann", queues: ["7700"], since: 1, can: [], state: "busy" }],
    interactions: [ringing],
    queues: [],
    switches: [],
  },
};

function after(...events: Event[]): State {
  const messages = events.map(
    (event, index): Message => ({ type: "event", prev: 10 + index, seq: 11 + index, at: 2000, event }),
  );
  return [start, ...messages].reduce(reduce, EMPTY_STATE);
}

const own = { agent: "1001", interaction: ID } as const;

describe("the reducer", () => {
  it("removes agents that are missing in a changed floor", () => {
    const plan = (id: string) => ({ id, name: "Anna", device: "2001", switch: "pbx", queues: [] });
    const floor = (id: string) => ({ agents: [plan(id)] }) as unknown as Floor;
    const kept = after({ type: "floor-changed", floor: floor("1001") });
    expect(kept.agents["1001"]).toMatchObject({ name: "Anna", queues: ["7700"], state: "busy" });
    expect(after({ type: "floor-changed", floor: floor("1002") }).agents).toEqual({});
  });

  it("replaces the state with a snapshot", () => {
    const state = after();
    expect(state.seq).toBe(10);
    expect(Object.keys(state.interactions)).toEqual([ID]);
    const fewer = reduce(state, {
      ...start,
      seq: 20,
      snapshot: { ...start.snapshot, seq: 20, interactions: [] },
    });
    expect(fewer.interactions).toEqual({});
  });

  it("applies the events of a call from ringing to its end", () => {
    const state = after(
      { type: "interaction-state-changed", ...own, from: "alerting", to: "started" },
      {
        type: "conversation-state-changed",
        ...own,
        leg: "primary",
        conversation: ID,
        from: "alerting",
        to: "talking",
      },
      { type: "controls-changed", ...own, muted: true, masked: false, recording: true },
      { type: "data-changed", ...own, set: { Account: "A-1" }, unset: [] },
    );
    const one = state.interactions[ID];
    expect(one).toMatchObject({ state: "started", started_at: 2000, muted: true, data: { Account: "A-1" } });
    expect(one?.primary).toMatchObject({ state: "talking", talking_at: 2000 });
    expect(state.seq).toBe(14);
  });

  it("changes allowed verbs only when the server sends them", () => {
    const state = after({ type: "interaction-state-changed", ...own, from: "alerting", to: "started" });
    expect(state.interactions[ID]?.can).toEqual(["answer", "reject"]);
    const told = reduce(state, {
      type: "can",
      agent: "1001",
      can: ["dial"],
      interactions: { [ID]: ["hang-up"], other: ["hold"] },
    });
    expect(told.interactions[ID]?.can).toEqual(["hang-up"]);
    expect(told.agents["1001"]?.can).toEqual(["dial"]);
    expect(Object.keys(told.interactions)).toEqual([ID]);
  });

  it("follows the customer and remembers a conference", () => {
    const parties = [{ at: { device: "1002" } }, { at: { outside: "+1999" } }];
    const state = after(
      { type: "parties-changed", ...own, leg: "primary", conversation: ID, call: "c2", parties },
      {
        type: "customer-changed",
        ...own,
        customer: { at: { outside: "+1999" } },
        contact: null,
        contact_pending: true,
      },
    );
    const one = state.interactions[ID];
    expect([one?.customer.at, one?.customer_changes, one?.contact_pending]).toEqual([
      { outside: "+1999" },
      1,
      true,
    ]);
    expect(one?.conference).toEqual(parties);
  });

  it("moves a completed interaction to the completed ones", () => {
    const state = after({
      type: "interaction-completed",
      agent: "1001",
      summary: { interaction: { ...ringing, state: "completed" }, completed_at: 3000 },
    });
    expect(state.interactions).toEqual({});
    expect(state.completed.map((summary) => summary.interaction.id)).toEqual([ID]);
  });

  it("updates notes, also those of completed interactions", () => {
    const typed: Event = { type: "notes-changed", ...own, notes: "Half a sen", disposition: "resolved" };
    expect(after(typed).interactions[ID]).toMatchObject({ notes: "Half a sen", disposition: "resolved" });
    const summary = { interaction: { ...ringing, state: "completed" as const }, completed_at: 3000 };
    const late = after(
      { type: "interaction-completed", agent: "1001", summary },
      { type: "notes-changed", ...own, notes: "Half a sentence" },
    );
    expect(late.interactions).toEqual({});
    expect(late.completed).toEqual([{ ...summary, notes: "Half a sentence", disposition: null }]);
  });

  it("applies changes of the agent state", () => {
    const away = after({
      type: "agent-state-changed",
      agent: "1001",
      from: { state: "busy" },
      from_since: 1,
      to: { state: "not-ready", reason: "lunch" },
    }).agents["1001"];
    expect(away).toMatchObject({ state: "not-ready", reason: "lunch", since: 2000 });
    const home = after({ type: "agent-signed-out", agent: "1001", from: { state: "busy" }, from_since: 1 })
      .agents["1001"];
    expect(home).toEqual({
      id: "1001",
      name: "Ann",
      queues: ["7700"],
      device: null,
      since: 2000,
      can: [],
      state: "signed-out",
    });
  });

  it("keeps a limited number of notices", () => {
    const notice: Event = {
      type: "notice-raised",
      agent: "1001",
      notice: { level: "info", code: "internal", text: "x" },
    };
    expect(after(...Array.from({ length: 80 }, () => notice)).notices).toHaveLength(50);
  });

  it("keeps requests to a switch until it answers", () => {
    const asked: Event = {
      type: "switch-requested",
      request: 3,
      switch: "s",
      ...own,
      asked: { service: "hold-call", call: "c1", device: "1001" } as never,
    };
    expect(after(asked).requests).toEqual({ 3: ID });
    const answer: Event = { type: "switch-answered", request: 3, switch: "s", ...own, answer: {} as never };
    expect(after(asked, answer).requests).toEqual({});
  });

  it("detects a gap", () => {
    const event: Event = { type: "agent-next-changed", agent: "1001" };
    expect(follows(after(), { type: "event", prev: 10, seq: 12, at: 1, event })).toBe(true);
    expect(follows(after(), { type: "event", prev: 11, seq: 12, at: 1, event })).toBe(false);
  });
});
