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

interface Frame {
  readonly window: Window;
  readonly about: About;
  /** What the session wants to be given back when the socket had to be made anew. */
  kept?: unknown;
  /** What is posted to it when the relay is closed. */
  onClose?: { readonly origin: string; readonly message: unknown };
}

export function createRelay(options: RelayOptions): Relay {
  const { warn = (text) => console.warn(text) } = options;
  const around = options.window ?? window;
  const frames = new Map<number, Frame>();
  let waiting: Sent[] = [];
  let ready = false;
  let last = 0;
  let closed = false;

  function hear(text: string): void {
    const found = parse(FROM_HUB, text);
    if (!found.ok) return warn(`a message of the hub cannot be read: ${found.fault}`);
    const said = found.value;
    switch (said.type) {
      case "opened":
        return opened();
      case "post":
        return frames.get(said.frame)?.window.postMessage(said.message, said.origin);
      case "keep":
        return keep(said.frame, said.state);
      case "on-close":
        return onClose(said);
      case "tell":
        return options.onTell(said.message);
      case "error":
        return ended(said);
    }
  }

  function ended({ code, detail }: Extract<FromHub, { type: "error" }>): void {
    warn(`the relay was ended: ${detail}`);
    if (code !== "unauthenticated" && code !== "forbidden") return;
    close();
    options.onRefused?.(detail);
  }

  function onClose({ frame: number, origin, message }: Extract<FromHub, { type: "on-close" }>): void {
    const frame = frames.get(number);
    if (!frame) return;
    if (message === null) delete frame.onClose;
    else frame.onClose = { origin, message };
  }

  function close(): void {
    if (closed) return;
    closed = true;
    for (const { window, onClose } of frames.values()) {
      if (onClose) window.postMessage(onClose.message, onClose.origin);
    }
    around.removeEventListener("message", listen);
    socket.close();
  }

  function opened(): void {
    ready = true;
    socket.good();
    const behind = waiting;
    waiting = [];
    for (const [frame, { about, kept }] of frames) send(frameOpened(frame, about, kept));
    for (const message of behind) if (isCarried(message)) send(message);
    options.onOpened?.();
  }

  function keep(number: number, state: unknown): void {
    const frame = frames.get(number);
    if (frame) frame.kept = state;
  }

  /** Sends, or has it wait behind the frames that will be opened first. */
  function send(message: Sent): void {
    const text = JSON.stringify(message);
    if (new TextEncoder().encode(text).length > MESSAGE_BYTES_MAX) {
      warn(`a message of more than ${MESSAGE_BYTES_MAX} bytes was dropped`);
    } else if (ready) {
      socket.send(text);
    } else if (waiting.length < WAITING_MAX) {
      waiting.push(message);
    } else {
      warn("a message was dropped: the hub cannot be reached, and too many wait for it");
    }
  }

  /** Whether whoever said it is still there. */
  function isCarried(message: Sent): boolean {
    return message.frame === undefined || frames.has(message.frame);
  }

  function listen({ source, origin, data }: MessageEvent): void {
    if (data === undefined) return;
    for (const [frame, { window }] of frames) {
      if (window === source) return post(frame, origin, data);
    }
  }

  /** A message may hold what JSON has no words for; then it cannot be carried. */
  function post(frame: number, origin: string, message: unknown): void {
    try {
      send({ type: "posted", frame, origin, message });
    } catch (error) {
      warn(`a message that is no JSON was dropped: ${error}`);
    }
  }

  around.addEventListener("message", listen);
  const socket = createSocket({
    url: options.url,
    hello: () => ({ type: "open", token: options.token() }),
    onText: hear,
    onLost() {
      ready = false;
    },
    open: options.open,
    random: options.random,
  });

  return {
    attach(frame, about) {
      const number = about.place === AROUND ? AROUND_FRAME : ++last;
      if (frames.size >= FRAMES_MAX) {
        warn(`a frame for ${about.place} is not carried: a page has ${FRAMES_MAX} at most`);
        return number;
      }
      frames.set(number, { window: frame, about });
      if (ready) send(frameOpened(number, about, undefined));
      return number;
    },
    loaded(number) {
      const frame = frames.get(number);
      if (!frame) return;
      // It was the document's before.
      delete frame.kept;
      send({ type: "frame-loaded", frame: number });
    },
    detach(frame) {
      if (frames.delete(frame) && ready) send({ type: "frame-closed", frame });
    },
    say: (message) => send({ type: "said", message }),
    close,
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

type FromHub = TypeOf<typeof FROM_HUB>;

/** What is sent; `frame` where it comes of one. */
interface Sent {
  readonly type: string;
  readonly frame?: number;
  readonly [field: string]: unknown;
}

function frameOpened(frame: number, about: About, kept: unknown): Sent {
  return { type: "frame-opened", frame, ...about, ...(kept === undefined ? {} : { kept }) };
}
