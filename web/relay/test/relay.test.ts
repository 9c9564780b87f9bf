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

/** A page in a frame: what was posted to it, and to which origin. */
function page() {
  const heard: [unknown, string][] = [];
  const window = { postMessage: (message: unknown, origin: string) => heard.push([message, origin]) };
  return { heard, window: window as unknown as Window };
}

function desk() {
  const sockets: Socket[] = [];
  const warned: string[] = [];
  const told: unknown[] = [];
  const refused: string[] = [];
  const around = new EventTarget();
  const relay = createRelay({
    url: "ws://hub/api/v1/relay/max",
    token: () => "t",
    onTell: (message) => told.push(message),
    onRefused: (why) => refused.push(why),
    open: () => {
      const socket = new Socket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    window: around as unknown as Window,
    warn: (text) => warned.push(text),
    random: () => 0,
  });
  const last = () => sockets.at(-1) as Socket;
  const post = (source: Window, data: unknown, origin = "https://kb.example") =>
    around.dispatchEvent(Object.assign(new Event("message"), { source, data, origin }));
  const opened = () => {
    last().onopen();
    last().say({ type: "opened" });
  };
  return { relay, last, post, opened, warned, told, refused, sockets };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ID = "01890000-0000-7000-8000-000000000001";

describe("the relay", () => {
  it("carries a message from its frame, and an answer to the origin that is named", () => {
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
    expect(kb.heard).toEqual([[{ issuer: "MAX" }, "https://kb.example"]]);
  });

  it("numbers the window around 0, and other frames from 1", () => {
    const { relay, last, opened } = desk();
    const [around, kb] = [page(), page()];
    opened();
    expect(relay.attach(around.window, { place: "around" })).toBe(0);
    expect(relay.attach(kb.window, { place: "kb" })).toBe(1);
    last().say({ type: "post", frame: 0, origin: "https://crm.example", message: "ready" });
    expect(around.heard).toEqual([["ready", "https://crm.example"]]);
  });

  it("hears attached windows only", () => {
    const { relay, last, post, opened } = desk();
    const [kb, stranger] = [page(), page()];
    opened();
    const frame = relay.attach(kb.window, { place: "kb" });
    post(stranger.window, "x");
    relay.detach(frame);
    post(kb.window, "x");
    last().say({ type: "post", frame, origin: "https://kb.example", message: "late" });
    expect(last().sent.slice(2)).toEqual([{ type: "frame-closed", frame }]);
    expect(kb.heard).toEqual([]);
  });

  it("opens its frames again with what was kept, before what waited meanwhile", () => {
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

  it("says that a frame has loaded another document, and keeps nothing of the one before", () => {
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

  it("posts what was left for its end, once, and not when the way to the hub is only lost", () => {
    const { relay, last, opened } = desk();
    const [around, kb] = [page(), page()];
    opened();
    relay.attach(around.window, { place: "around" });
    const frame = relay.attach(kb.window, { place: "kb" });
    last().say({ type: "on-close", frame: 0, origin: "https://crm.example", message: "off" });
    last().say({ type: "on-close", frame, origin: "https://kb.example", message: "off" });
    last().say({ type: "on-close", frame, origin: "https://kb.example", message: null });
    last().onclose();
    expect(around.heard).toEqual([]);
    relay.close();
    relay.close();
    expect([around.heard, kb.heard]).toEqual([[["off", "https://crm.example"]], []]);
  });

  it("posts it also when its token is good no longer", () => {
    const { relay, last, opened } = desk();
    const around = page();
    opened();
    relay.attach(around.window, { place: "around" });
    last().say({ type: "on-close", frame: 0, origin: "https://crm.example", message: "off" });
    last().say({ type: "error", code: "unauthenticated", detail: "the token is good no longer" });
    expect(around.heard).toEqual([["off", "https://crm.example"]]);
  });

  it("drops what is too large or has no words in JSON, and says so", () => {
    const { relay, last, post, opened, warned } = desk();
    const kb = page();
    opened();
    relay.attach(kb.window, { place: "kb" });
    post(kb.window, "x".repeat(300_000));
    post(kb.window, { big: 1n });
    post(kb.window, undefined);
    expect(last().sent).toHaveLength(2);
    expect(warned).toHaveLength(2);
  });

  it("carries sixty-four frames and no more", () => {
    const { relay, last, opened, warned } = desk();
    opened();
    for (let frame = 0; frame < 65; frame += 1) relay.attach(page().window, { place: "kb" });
    expect(last().sent).toHaveLength(65);
    expect(warned).toHaveLength(1);
  });

  it("passes on what the session and the page say to each other", () => {
    const { relay, last, opened, told } = desk();
    opened();
    relay.say({ type: "focus", interaction: ID });
    last().say({ type: "tell", message: { type: "warn", text: "twice" } });
    expect(last().sent[1]).toEqual({ type: "said", message: { type: "focus", interaction: ID } });
    expect(told).toEqual([{ type: "warn", text: "twice" }]);
  });

  it("is at its end when its token is good no longer, and goes on after any other trouble", () => {
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

  it("names what it cannot read of the hub, and goes on", () => {
    const { relay, last, opened, warned, told } = desk();
    opened();
    relay.attach(page().window, { place: "kb" });
    last().onmessage({ data: "<html>" });
    last().say({ type: "post", frame: "1", origin: "https://kb.example", message: {} });
    last().say({ type: "later" });
    last().say({ type: "tell", message: "heard" });
    expect(warned).toEqual([
      'a message of the hub cannot be read: expected JSON, found "<html>"',
      'a message of the hub cannot be read: frame: expected a number, found "1"',
      'a message of the hub cannot be read: type: expected one of opened, post, keep, on-close, tell, error, found "later"',
    ]);
    expect(told).toEqual(["heard"]);
  });

  it("names an origin that the browser does not post to", () => {
    const { relay, last, opened, warned } = desk();
    opened();
    const refuses = () => {
      throw new DOMException("Invalid target origin 'nowhere'", "SyntaxError");
    };
    const frame = relay.attach({ postMessage: refuses } as unknown as Window, { place: "kb" });
    last().say({ type: "post", frame, origin: "nowhere", message: {} });
    expect(warned).toEqual([
      `a message to "nowhere" was not posted: SyntaxError: Invalid target origin 'nowhere'`,
    ]);
  });
});
