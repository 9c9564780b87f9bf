/**
 * Relays messages between pages in frames and a session in the hub. The relay makes no decisions: it identifies the sending frame by its
 * window, and posts a message only to the exact origin that the hub specifies.
 *
 * ```text
 *  page in a frame ── postMessage ──► relay ── posted ──► hub
 *  page in a frame ◄── postMessage ── relay ◄── post ──── hub
 * ```
 */

import { createSocket } from "@cordboard/client";
import { anything, number, object, parse, type TypeOf, tagged, text } from "@cordboard/guard";
import { type Budget, createBudget, TOO_MANY_MESSAGES } from "./budget.ts";

/** The purpose of a frame. */
export interface FrameInfo {
  /** The ID of the configured page, or `around` for the window that embeds this page. */
  readonly place: string;
  /** The interaction to which the frame belongs. */
  readonly interaction?: string;
}

export interface Relay {
  /** Starts to relay messages of a window. Returns the frame's number. */
  attach(frame: Window, about: FrameInfo): number;
  /** Reports that the frame has loaded another document. */
  loaded(frame: number): void;
  /** Stops relaying messages of a frame. */
  detach(frame: number): void;
  /** Sends a message from this page to the session. */
  send(message: unknown): void;
  close(): void;
}

export interface RelayOptions {
  /** `ws://…/api/v1/relay/{name}`. */
  readonly url: string;
  readonly token: () => string;
  /** Called with each message from the session to this page. */
  readonly onMessage: (message: unknown) => void;
  /** The hub refused the token. The relay is closed. */
  readonly onRefused?: (why: string) => void;
  /** The session is open. A new session has only the state that it stored for frames. */
  readonly onOpened?: () => void;
  readonly open?: ((url: string) => WebSocket) | undefined;
  /** The window that receives messages of frames. */
  readonly window?: Pick<Window, "addEventListener" | "removeEventListener">;
  readonly warn?: (text: string) => void;
  readonly random?: (() => number) | undefined;
}

/** The place and the number of the window that embeds this page. */
const PARENT = "around";
const PARENT_FRAME = 0;

/** The largest message that the hub accepts. Bytes. */
const MESSAGE_BYTES_MAX = 256 << 10;

/** How many frames a page can have. */
const FRAMES_MAX = 64;

/** How many messages are buffered while the socket is not open. */
const WAITING_MAX = 256;

export function createRelay(options: RelayOptions): Relay {
  const { warn = (text) => console.warn(text) } = options;
  const receiver = options.window ?? window;
  const frames = createFrames(warn);
  const outbox = createOutbox((text) => socket.send(text), warn);
  let last = 0;
  let closed = false;

  function receive(text: string): void {
    const found = parse(FROM_HUB, text);
    if (!found.ok) return warn(`cannot read a message of the hub: ${found.fault}`);
    const said = found.value;
    switch (said.type) {
      case "opened":
        return opened();
      case "tell":
        return options.onMessage(said.message);
      case "error":
        return ended(said.code, said.detail);
      default:
        return frames.handle(said);
    }
  }

  function opened(): void {
    socket.confirm();
    outbox.open(frames.opened(), ({ frame }) => frame === undefined || frames.get(frame) !== undefined);
    options.onOpened?.();
  }

  function ended(code: string, detail: string): void {
    warn(`the hub closed the relay: ${detail}`);
    if (code !== "unauthenticated" && code !== "forbidden") return;
    close();
    options.onRefused?.(detail);
  }

  function close(): void {
    if (closed) return;
    closed = true;
    frames.postOnClose();
    receiver.removeEventListener("message", listen);
    socket.close();
  }

  /** Relays a message of a frame. Messages above the frame’s limit, and those that cannot be written as JSON, are dropped. */
  function listen(event: MessageEvent): void {
    const { source, origin } = event;
    const frame = frames.numberOf(source);
    // The limit comes before everything that costs time, such as reading the message.
    if (frame === undefined || !frames.spend(frame, origin)) return;
    const message = event.data;
    if (message === undefined) return;
    try {
      outbox.send({ type: "posted", frame, origin, message });
    } catch (error) {
      warn(`dropped a message that cannot be written as JSON: ${error}`);
    }
  }

  receiver.addEventListener("message", listen);
  const socket = createSocket({
    url: options.url,
    hello: () => ({ type: "open", token: options.token() }),
    onText: receive,
    onLost: outbox.shut,
    open: options.open,
    random: options.random,
  });

  return {
    attach(window, about) {
      const number = about.place === PARENT ? PARENT_FRAME : ++last;
      if (frames.add(number, { window, about, budget: createBudget() }) && outbox.isOpen())
        outbox.send(frameOpened(number, about));
      return number;
    },
    loaded(number) {
      const frame = frames.get(number);
      if (!frame) return;
      // The state belonged to the previous document.
      delete frame.kept;
      outbox.send({ type: "frame-loaded", frame: number });
    },
    detach(frame) {
      if (frames.remove(frame) && outbox.isOpen()) outbox.send({ type: "frame-closed", frame });
    },
    send: (message) => outbox.send({ type: "said", message }),
    close,
  };
}

interface Frame {
  readonly window: Window;
  readonly about: FrameInfo;
  readonly budget: Budget;
  /** State that the session stores here and gets back after a reconnection. */
  kept?: unknown;
  /** The message to post when the relay is closed. */
  onClose?: { readonly origin: string; readonly message: unknown };
}

/** The frames of the page, by number. */
function createFrames(warn: (text: string) => void) {
  const all = new Map<number, Frame>();

  /** Posts a message. The browser throws if the origin is invalid. */
  function post({ window }: Frame, message: unknown, origin: string): void {
    try {
      window.postMessage(message, origin);
    } catch (error) {
      warn(`cannot post a message to ${JSON.stringify(origin)}: ${error}`);
    }
  }

  return {
    get: (number: number) => all.get(number),
    numberOf(source: unknown): number | undefined {
      for (const [number, { window }] of all) if (window === source) return number;
      return undefined;
    },
    /** Takes a message from the frame’s limit. Returns whether there was one left; if not, tells the document that posted it. */
    spend(number: number, origin: string): boolean {
      const frame = all.get(number);
      const taken = frame?.budget.take(performance.now());
      if (frame && taken === "first") {
        warn(`messages of the page ${frame.about.place} at ${origin} are dropped: it posts too many`);
        post(frame, TOO_MANY_MESSAGES, origin);
      }
      return taken === true;
    },
    remove: (number: number) => all.delete(number),
    /** Returns false if the page has too many frames. */
    add(number: number, frame: Frame): boolean {
      if (all.size >= FRAMES_MAX) {
        warn(`a frame for ${frame.about.place} is ignored: a page can have ${FRAMES_MAX} frames`);
        return false;
      }
      all.set(number, frame);
      return true;
    },
    /** The messages that announce all frames to a newly opened session. */
    opened: () => [...all].map(([number, { about, kept }]) => frameOpened(number, about, kept)),
    handle(said: ToFrame): void {
      const frame = all.get(said.frame);
      if (!frame) return;
      if (said.type === "post") post(frame, said.message, said.origin);
      else if (said.type === "keep") frame.kept = said.state;
      else if (said.message === null) delete frame.onClose;
      else frame.onClose = { origin: said.origin, message: said.message };
    },
    postOnClose(): void {
      for (const frame of all.values()) {
        if (frame.onClose) post(frame, frame.onClose.message, frame.onClose.origin);
      }
    },
  };
}

/** Sends messages to the hub, and buffers them while it cannot be reached. */
function createOutbox(sendText: (text: string) => void, warn: (text: string) => void) {
  let waiting: Sent[] = [];
  let isOpen = false;

  function send(message: Sent): void {
    const text = JSON.stringify(message);
    if (new TextEncoder().encode(text).length > MESSAGE_BYTES_MAX) {
      warn(`dropped a message of more than ${MESSAGE_BYTES_MAX} bytes`);
    } else if (isOpen) {
      sendText(text);
    } else if (waiting.length < WAITING_MAX) {
      waiting.push(message);
    } else {
      warn("dropped a message: the hub cannot be reached, and the buffer is full");
    }
  }

  return {
    send,
    isOpen: () => isOpen,
    /** Opens the outbox: sends `first`, then the buffered messages for which `isCurrent` returns true. */
    open(first: readonly Sent[], isCurrent: (message: Sent) => boolean): void {
      isOpen = true;
      const behind = waiting.filter(isCurrent);
      waiting = [];
      for (const message of [...first, ...behind]) send(message);
    },
    shut(): void {
      isOpen = false;
    },
  };
}

const FROM_HUB = tagged("type", {
  opened: object({}),
  post: object({ frame: number, origin: text, message: anything }),
  keep: object({ frame: number, state: anything }),
  /** A null message removes the stored one. */
  "on-close": object({ frame: number, origin: text, message: anything }),
  tell: object({ message: anything }),
  error: object({ code: text, detail: text }),
});

type ToFrame = Extract<TypeOf<typeof FROM_HUB>, { readonly frame: number }>;

/** A message to the hub. `frame` is set if it comes from a frame. */
interface Sent {
  readonly type: string;
  readonly frame?: number;
  readonly [field: string]: unknown;
}

function frameOpened(frame: number, about: FrameInfo, kept?: unknown): Sent {
  return { type: "frame-opened", frame, ...about, ...(kept === undefined ? {} : { kept }) };
}
