import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createRelay } from "../src/index.ts";

class Socket {
  readonly sent: unknown[] = [];
  onopen = () => {};
  onmessage = (_: { data: string }) => {};
  onclose = () => {};
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {}
  say(message: object) {
    this.onmessage({ data: JSON.stringify(message) });
  }
}

/** A page in a frame, with the messages posted to it and their target origins. */
function page() {
  const received: [unknown, string][] = [];
  const window = { postMessage: (message: unknown, origin: string) => received.push([message, origin]) };
  return { received, window: window as unknown as Window };
}

function desk() {
  const sockets: Socket[] = [];
  const warnings: string[] = [];
  const messages: unknown[] = [];
  const refused: string[] = [];
  const receiver = new EventTarget();
  const relay = createRelay({
    url: "ws://hub/api/v1/relay/max",
    token: () => "t",
    onMessage: (message) => messages.push(message),
    onRefused: (why) => refused.push(why),
    open: () => {
      const socket = new Socket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    window: receiver as unknown as Window,
    warn: (text) => warnings.push(text),
    random: () => 0,
  });
  const last = () => sockets.at(-1) as Socket;
  const post = (source: Window, data: unknown, origin = "https://kb.example") =>
    receiver.dispatchEvent(Object.assign(new Event("message"), { source, data, origin }));
  const opened = () => {
    last().onopen();
    last().say({ type: "opened" });
  };
  return { relay, last, post, opened, warnings, messages, refused, sockets };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ID = "01890000-0000-7000-8000-000000000001";

describe("the relay", () => {
  it("relays a message from a frame, and posts the answer to the given origin", () => {
    const { relay, last, post, opened } = desk();
    const kb = page();
    opened();
    const frame = relay.attach(kb.window, { place: "kb", interaction: ID });
    post(kb.window, { messageType: "x" }, "https://other.example");
    last().say({ type: "post", frame, origin: "https://kb.example", message: { issuer: "MAX" } });
    expect(last().sent).toEqual([
      { type: "open", token: "t" },
      { type: "frame-opened", frame, place: "kb", interaction: ID },
      { type: "posted", frame, origin: "https://other.example", message: { messageType: "x" } },
    ]);
    expect(kb.received).toEqual([[{ issuer: "MAX" }, "https://kb.example"]]);
  });

  it("drops messages of a frame that posts too many, tells it so, and relays those of others", () => {
    const { relay, last, post, opened, warnings } = desk();
    const [flood, other] = [page(), page()];
    opened();
    const first = relay.attach(flood.window, { place: "kb" });
    const second = relay.attach(other.window, { place: "crm" });
    for (let count = 0; count < 10_000; count += 1) post(flood.window, { count });
    post(other.window, "still here", "https://crm.example");
    const relayed = (frame: number) =>
      last()
        .sent.filter((one) => (one as { frame?: number; type: string }).frame === frame)
        .slice(1);
    expect(relayed(first)).toHaveLength(500);
    expect(relayed(second)).toEqual([
      { type: "posted", frame: second, origin: "https://crm.example", message: "still here" },
    ]);
    expect(flood.received).toEqual([
      [
        {
          issuer: "Cordboard",
          messageType: "TooManyMessages",
          text: "Messages of this page are dropped: a page can post 500 messages at once and 100 in a second.",
        },
        "https://kb.example",
      ],
    ]);
    expect(other.received).toEqual([]);
    expect(warnings).toEqual([
      "messages of the page kb at https://kb.example are dropped: it posts too many",
    ]);
    vi.advanceTimersByTime(1000);
    for (let count = 0; count < 200; count += 1) post(flood.window, { count });
    expect(relayed(first)).toHaveLength(600);
    expect(flood.received).toHaveLength(1);
  });

  it("gives the embedding window number 0, and other frames numbers from 1", () => {
    const { relay, last, opened } = desk();
    const [around, kb] = [page(), page()];
    opened();
    expect(relay.attach(around.window, { place: "around" })).toBe(0);
    expect(relay.attach(kb.window, { place: "kb" })).toBe(1);
    last().say({ type: "post", frame: 0, origin: "https://crm.example", message: "ready" });
    expect(around.received).toEqual([["ready", "https://crm.example"]]);
  });

  it("ignores windows that are not attached", () => {
    const { relay, last, post, opened } = desk();
    const [kb, stranger] = [page(), page()];
    opened();
    const frame = relay.attach(kb.window, { place: "kb" });
    post(stranger.window, "x");
    relay.detach(frame);
    post(kb.window, "x");
    last().say({ type: "post", frame, origin: "https://kb.example", message: "late" });
    expect(last().sent.slice(2)).toEqual([{ type: "frame-closed", frame }]);
    expect(kb.received).toEqual([]);
  });

  it("announces frames with their stored state before it sends buffered messages", () => {
    const { relay, last, post, opened } = desk();
    const [kb, gone] = [page(), page()];
    opened();
    const frame = relay.attach(kb.window, { place: "kb" });
    const other = relay.attach(gone.window, { place: "crm" });
    last().say({ type: "keep", frame, state: { types: ["agent"] } });
    last().onclose();
    post(kb.window, "while away");
    post(gone.window, "and left");
    relay.detach(other);
    vi.advanceTimersByTime(125);
    opened();
    expect(last().sent).toEqual([
      { type: "open", token: "t" },
      { type: "frame-opened", frame, place: "kb", kept: { types: ["agent"] } },
      { type: "posted", frame, origin: "https://kb.example", message: "while away" },
    ]);
  });

  it("reports another document in a frame, and drops the stored state", () => {
    const { relay, last, post, opened } = desk();
    const kb = page();
    opened();
    const frame = relay.attach(kb.window, { place: "kb" });
    last().say({ type: "keep", frame, state: { types: ["agent"] } });
    relay.loaded(frame);
    expect(last().sent.at(-1)).toEqual({ type: "frame-loaded", frame });
    last().onclose();
    post(kb.window, "while away");
    relay.loaded(frame);
    vi.advanceTimersByTime(125);
    opened();
    expect(last().sent).toEqual([
      { type: "open", token: "t" },
      { type: "frame-opened", frame, place: "kb" },
      { type: "posted", frame, origin: "https://kb.example", message: "while away" },
      { type: "frame-loaded", frame },
    ]);
    relay.detach(frame);
    relay.loaded(frame);
    expect(last().sent.at(-1)).toEqual({ type: "frame-closed", frame });
  });

  it("posts the closing message once, and not when the connection is lost", () => {
    const { relay, last, opened } = desk();
    const [around, kb] = [page(), page()];
    opened();
    relay.attach(around.window, { place: "around" });
    const frame = relay.attach(kb.window, { place: "kb" });
    last().say({ type: "on-close", frame: 0, origin: "https://crm.example", message: "off" });
    last().say({ type: "on-close", frame, origin: "https://kb.example", message: "off" });
    last().say({ type: "on-close", frame, origin: "https://kb.example", message: null });
    last().onclose();
    expect(around.received).toEqual([]);
    relay.close();
    relay.close();
    expect([around.received, kb.received]).toEqual([[["off", "https://crm.example"]], []]);
  });

  it("posts the closing message when the token is refused", () => {
    const { relay, last, opened } = desk();
    const around = page();
    opened();
    relay.attach(around.window, { place: "around" });
    last().say({ type: "on-close", frame: 0, origin: "https://crm.example", message: "off" });
    last().say({ type: "error", code: "unauthenticated", detail: "the token is good no longer" });
    expect(around.received).toEqual([["off", "https://crm.example"]]);
  });

  it("drops messages that are too large or not JSON, with a warning", () => {
    const { relay, last, post, opened, warnings } = desk();
    const kb = page();
    opened();
    relay.attach(kb.window, { place: "kb" });
    post(kb.window, "x".repeat(300_000));
    post(kb.window, { big: 1n });
    post(kb.window, undefined);
    expect(last().sent).toHaveLength(2);
    expect(warnings).toHaveLength(2);
  });

  it("relays at most sixty-four frames", () => {
    const { relay, last, opened, warnings } = desk();
    opened();
    for (let frame = 0; frame < 65; frame += 1) relay.attach(page().window, { place: "kb" });
    expect(last().sent).toHaveLength(65);
    expect(warnings).toHaveLength(1);
  });

  it("relays messages between session and page", () => {
    const { relay, last, opened, messages } = desk();
    opened();
    relay.send({ type: "focus", interaction: ID });
    last().say({ type: "tell", message: { type: "warn", text: "twice" } });
    expect(last().sent[1]).toEqual({ type: "said", message: { type: "focus", interaction: ID } });
    expect(messages).toEqual([{ type: "warn", text: "twice" }]);
  });

  it("closes when the token is refused, and reconnects after other errors", () => {
    const { last, opened, refused, sockets } = desk();
    opened();
    last().say({ type: "error", code: "unavailable", detail: "the node is stopping" });
    last().onclose();
    vi.advanceTimersByTime(5_000);
    expect(sockets.length).toBe(2);
    last().say({ type: "error", code: "unauthenticated", detail: "the token is good no longer" });
    last().onclose();
    vi.advanceTimersByTime(60_000);
    expect([refused, sockets.length]).toEqual([["the token is good no longer"], 2]);
  });

  it("reports a message that it cannot read, and continues", () => {
    const { relay, last, opened, warnings, messages } = desk();
    opened();
    relay.attach(page().window, { place: "kb" });
    last().onmessage({ data: "<html>" });
    last().say({ type: "post", frame: "1", origin: "https://kb.example", message: {} });
    last().say({ type: "later" });
    last().say({ type: "tell", message: "received" });
    expect(warnings).toEqual([
      'cannot read a message of the hub: expected JSON, found "<html>"',
      'cannot read a message of the hub: frame: expected a number, found "1"',
      'cannot read a message of the hub: type: expected one of opened, post, keep, on-close, tell, error, found "later"',
    ]);
    expect(messages).toEqual(["received"]);
  });

  it("reports an origin that the browser rejects", () => {
    const { relay, last, opened, warnings } = desk();
    opened();
    const refuses = () => {
      throw new DOMException("Invalid target origin 'nowhere'", "SyntaxError");
    };
    const frame = relay.attach({ postMessage: refuses } as unknown as Window, { place: "kb" });
    last().say({ type: "post", frame, origin: "nowhere", message: {} });
    expect(warnings).toEqual([
      `cannot post a message to "nowhere": SyntaxError: Invalid target origin 'nowhere'`,
    ]);
  });
});
