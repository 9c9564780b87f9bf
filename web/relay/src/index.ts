/**
 * Carries messages between pages in frames and a session in the hub, and decides nothing: which page a message came from is
 * told by its window, and an answer goes to the exact origin that the hub names.
 *
 * ```text
 *  page in a frame ── postMessage ──► relay ── posted ──► hub
 *  page in a frame ◄── postMessage ── relay ◄── post ──── hub
 * ```
 */

import { createSocket } from "@cordboard/client";
import { anything, number, object, parse, type TypeOf, tagged, text } from "@cordboard/guard";

/** What a frame is for. */
export interface About {
  /** The page's id in the floor, or `around` for the window in which our own page stands. */
  readonly place: string;
  /** The interaction to which the frame belongs. */
  readonly interaction?: string;
}

export interface Relay {
  /** Begins to carry messages of a window. Gives the frame's number. */
  attach(frame: Window, about: About): number;
  /** The frame has loaded a document again. */
  loaded(frame: number): void;
  /** Ends it; whatever the window says from here on goes nowhere. */
  detach(frame: number): void;
  /** Says something to the session itself. */
  say(message: unknown): void;
  close(): void;
}

export interface RelayOptions {
  /** `ws://…/api/v1/relay/{name}`. */
  readonly url: string;
  readonly token: () => string;
  /** Takes what the session says to this page itself. */
  readonly onTell: (message: unknown) => void;
  /** The hub does not let this page in: the token is good no longer. Nothing more comes. */
  readonly onRefused?: (why: string) => void;
  /** The session hears from here on, and knows nothing yet but what was kept for frames. */
  readonly onOpened?: () => void;
  readonly open?: ((url: string) => WebSocket) | undefined;
  /** Where messages of frames arrive. */
  readonly window?: Pick<Window, "addEventListener" | "removeEventListener">;
  readonly warn?: (text: string) => void;
  readonly random?: (() => number) | undefined;
}

/** The place of the window in which our own page stands, and its number. */
const AROUND = "around";
const AROUND_FRAME = 0;

/** The largest message that the hub takes. Bytes. */
const MESSAGE_BYTES_MAX = 256 << 10;

/** The most frames of one page. */
const FRAMES_MAX = 64;

/** How many messages wait while the socket is being made. */
const WAITING_MAX = 256;

export function createRelay(options: RelayOptions): Relay {
  const { warn = (text) => console.warn(text) } = options;
  const around = options.window ?? window;
  const frames = createFrames(warn);
  const outbox = createOutbox((text) => socket.send(text), warn);
  let last = 0;
  let closed = false;

  function hear(text: string): void {
    const found = parse(FROM_HUB, text);
    if (!found.ok) return warn(`a message of the hub cannot be read: ${found.fault}`);
    const said = found.value;
    switch (said.type) {
      case "opened":
        return opened();
      case "tell":
        return options.onTell(said.message);
      case "error":
        return ended(said.code, said.detail);
      default:
        return frames.hear(said);
    }
  }

  function opened(): void {
    socket.good();
    outbox.open(frames.opened(), ({ frame }) => frame === undefined || frames.get(frame) !== undefined);
    options.onOpened?.();
  }

  function ended(code: string, detail: string): void {
    warn(`the relay was ended: ${detail}`);
    if (code !== "unauthenticated" && code !== "forbidden") return;
    close();
    options.onRefused?.(detail);
  }

  function close(): void {
    if (closed) return;
    closed = true;
    frames.leave();
    around.removeEventListener("message", listen);
    socket.close();
  }

  /** A message may hold what JSON has no words for; then it cannot be carried. */
  function listen({ source, origin, data: message }: MessageEvent): void {
    const frame = frames.numberOf(source);
    if (message === undefined || frame === undefined) return;
    try {
      outbox.send({ type: "posted", frame, origin, message });
    } catch (error) {
      warn(`a message that is no JSON was dropped: ${error}`);
    }
  }

  around.addEventListener("message", listen);
  const socket = createSocket({
    url: options.url,
    hello: () => ({ type: "open", token: options.token() }),
    onText: hear,
    onLost: outbox.shut,
    open: options.open,
    random: options.random,
  });

  return {
    attach(window, about) {
      const number = about.place === AROUND ? AROUND_FRAME : ++last;
      if (frames.add(number, { window, about }) && outbox.isOpen()) outbox.send(frameOpened(number, about));
      return number;
    },
    loaded(number) {
      const frame = frames.get(number);
      if (!frame) return;
      // It was the document's before.
      delete frame.kept;
      outbox.send({ type: "frame-loaded", frame: number });
    },
    detach(frame) {
      if (frames.remove(frame) && outbox.isOpen()) outbox.send({ type: "frame-closed", frame });
    },
    say: (message) => outbox.send({ type: "said", message }),
    close,
  };
}

interface Frame {
  readonly window: Window;
  readonly about: About;
  /** What the session wants to be given back when the socket had to be made again. */
  kept?: unknown;
  /** What is posted to it when the relay is closed. */
  onClose?: { readonly origin: string; readonly message: unknown };
}

/** The frames of the page, by number. */
function createFrames(warn: (text: string) => void) {
  const all = new Map<number, Frame>();

  /** The browser refuses an origin that is none. */
  function post({ window }: Frame, message: unknown, origin: string): void {
    try {
      window.postMessage(message, origin);
    } catch (error) {
      warn(`a message to ${JSON.stringify(origin)} was not posted: ${error}`);
    }
  }

  return {
    get: (number: number) => all.get(number),
    numberOf: (source: unknown) => [...all].find(([, { window }]) => window === source)?.[0],
    remove: (number: number) => all.delete(number),
    /** Says whether there is room for it. */
    add(number: number, frame: Frame): boolean {
      if (all.size >= FRAMES_MAX) {
        warn(`a frame for ${frame.about.place} is not carried: a page has ${FRAMES_MAX} at most`);
        return false;
      }
      all.set(number, frame);
      return true;
    },
    /** What the session has to know of them when it hears again. */
    opened: () => [...all].map(([number, { about, kept }]) => frameOpened(number, about, kept)),
    hear(said: ToFrame): void {
      const frame = all.get(said.frame);
      if (!frame) return;
      if (said.type === "post") post(frame, said.message, said.origin);
      else if (said.type === "keep") frame.kept = said.state;
      else if (said.message === null) delete frame.onClose;
      else frame.onClose = { origin: said.origin, message: said.message };
    },
    leave(): void {
      for (const frame of all.values()) {
        if (frame.onClose) post(frame, frame.onClose.message, frame.onClose.origin);
      }
    },
  };
}

/** Sends to the hub; what is said while it cannot be reached waits. */
function createOutbox(sendText: (text: string) => void, warn: (text: string) => void) {
  let waiting: Sent[] = [];
  let isOpen = false;

  function send(message: Sent): void {
    const text = JSON.stringify(message);
    if (new TextEncoder().encode(text).length > MESSAGE_BYTES_MAX) {
      warn(`a message of more than ${MESSAGE_BYTES_MAX} bytes was dropped`);
    } else if (isOpen) {
      sendText(text);
    } else if (waiting.length < WAITING_MAX) {
      waiting.push(message);
    } else {
      warn("a message was dropped: the hub cannot be reached, and too many wait for it");
    }
  }

  return {
    send,
    isOpen: () => isOpen,
    /** The hub hears: first what it has to know, then what waited and still counts. */
    open(first: readonly Sent[], counts: (message: Sent) => boolean): void {
      isOpen = true;
      const behind = waiting.filter(counts);
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
  /** Without a message nothing is posted any more. */
  "on-close": object({ frame: number, origin: text, message: anything }),
  tell: object({ message: anything }),
  error: object({ code: text, detail: text }),
});

type ToFrame = Extract<TypeOf<typeof FROM_HUB>, { readonly frame: number }>;

/** What is sent; `frame` where it comes of one. */
interface Sent {
  readonly type: string;
  readonly frame?: number;
  readonly [field: string]: unknown;
}

function frameOpened(frame: number, about: About, kept?: unknown): Sent {
  return { type: "frame-opened", frame, ...about, ...(kept === undefined ? {} : { kept }) };
}
