import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  createStream,
  cursorOf,
  EMPTY_STATE,
  follows,
  type Message,
  reduce,
  type State,
  type Status,
} from "../src/index.ts";

class Socket {
  readonly sent: unknown[] = [];
  onopen = () => {};
  onmessage = (_: { data: string }) => {};
  onclose = () => {};
  closed = false;
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.closed = true;
  }
  say(message: object) {
    this.onmessage({ data: JSON.stringify(message) });
  }
}

const snapshot = (seq: number) => ({
  type: "snapshot",
  journal: "j1",
  seq,
  resync: false,
  snapshot: { seq, at: 1, agents: [], interactions: [], queues: [], switches: [] },
});
const event = (prev: number, seq: number) => ({
  type: "event",
  prev,
  seq,
  at: 1,
  event: { type: "agent-next-changed", agent: "1001" },
});

function desk() {
  const sockets: Socket[] = [];
  const statuses: Status[] = [];
  const warned: string[] = [];
  let state: State = EMPTY_STATE;
  const stream = createStream({
    url: "ws://hub/api/v1/events",
    token: () => "t",
    cursor: () => cursorOf(state),
    onStatus: (status) => statuses.push(status),
    onMessage: (message: Message) => {
      const fits = follows(state, message);
      if (fits) state = reduce(state, message);
      return fits;
    },
    open: () => {
      const socket = new Socket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    random: () => 0,
    warn: (text) => warned.push(text),
  });
  const last = () => sockets.at(-1) as Socket;
  return {
    stream,
    sockets,
    last,
    kinds: () => statuses.map(({ kind }) => kind),
    seq: () => state.seq,
    warned,
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the stream", () => {
  it("resumes at the cursor after a lost connection", () => {
    const { sockets, last, kinds, seq } = desk();
    last().onopen();
    expect(last().sent).toEqual([{ type: "subscribe", token: "t", can: true }]);
    last().say(snapshot(5));
    last().say(event(5, 8));
    last().onclose();
    vi.advanceTimersByTime(125);
    last().onopen();
    expect(last().sent).toEqual([{ type: "subscribe", token: "t", can: true, journal: "j1", after: 8 }]);
    last().say({ type: "resumed", journal: "j1", seq: 8 });
    last().say(event(8, 9));
    expect(seq()).toBe(9);
    expect(sockets).toHaveLength(2);
    expect(kinds()).toEqual(["connecting", "live", "reconnecting", "live"]);
  });

  it("reconnects at a gap, and asks for a snapshot after two gaps", () => {
    const { last, sockets } = desk();
    last().onopen();
    last().say(snapshot(5));
    for (const after of [5, 5]) {
      last().say(event(6, 7));
      expect(last().closed).toBe(true);
      vi.advanceTimersByTime(10_000);
      last().onopen();
      if (sockets.length === 2)
        expect(last().sent).toEqual([{ type: "subscribe", token: "t", can: true, journal: "j1", after }]);
      if (sockets.length === 2) last().say({ type: "resumed", journal: "j1", seq: after });
    }
    expect(last().sent).toEqual([{ type: "subscribe", token: "t", can: true }]);
  });

  it("increases the delay, and closes a socket without an answer", () => {
    const { sockets, last } = desk();
    last().onclose();
    vi.advanceTimersByTime(124);
    expect(sockets).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(sockets).toHaveLength(2);
    vi.advanceTimersByTime(10_000);
    expect(last().closed).toBe(true);
    vi.advanceTimersByTime(250);
    expect(sockets).toHaveLength(3);
  });

  it("ends when the token is refused, and reconnects when the node stops", () => {
    const stopping = desk();
    stopping.last().say({ type: "error", code: "unavailable", status: 503 });
    expect(stopping.kinds()).toEqual(["connecting", "reconnecting"]);
    const refused = desk();
    refused.last().say({ type: "error", code: "unauthenticated", status: 401 });
    vi.advanceTimersByTime(60_000);
    expect(refused.kinds()).toEqual(["connecting", "refused"]);
    expect(refused.sockets).toHaveLength(1);
  });

  it("ignores messages of a closed socket", () => {
    const { stream, last, seq } = desk();
    stream.close();
    last().say(snapshot(5));
    expect(seq()).toBeUndefined();
  });

  it("reports a message that it cannot read, and reconnects", () => {
    const { last, sockets, seq, warned } = desk();
    last().onopen();
    last().say(snapshot(5));
    last().say({ type: "from a later server" });
    expect(sockets).toHaveLength(1);
    last().onmessage({ data: "{" });
    vi.advanceTimersByTime(10_000);
    last().onopen();
    expect(last().sent).toEqual([{ type: "subscribe", token: "t", can: true, journal: "j1", after: 5 }]);
    last().say({ ...event(5, 6), event: { type: "agent-next-changed" } });
    vi.advanceTimersByTime(10_000);
    last().onopen();
    expect(last().sent).toEqual([{ type: "subscribe", token: "t", can: true }]);
    expect(seq()).toBe(5);
    expect(warned).toEqual([
      'cannot read a message of the server: expected JSON, found "{"',
      "cannot read a message of the server: event.agent: expected a string, found nothing",
    ]);
  });
});
