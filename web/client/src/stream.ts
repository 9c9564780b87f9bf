/** The socket of events: keeps itself open, goes on by the cursor, and notices gaps. */

import { backoffMs } from "./backoff.ts";
import { type Message, messageFrom } from "./message.ts";
import type { Problem } from "./problem.ts";
import type { Cursor } from "./state.ts";

export type Status =
  /** The first connection is being made. */
  | { readonly kind: "connecting" }
  /** Everything that happens is seen. */
  | { readonly kind: "live" }
  /** The connection was lost, and is being made again. */
  | { readonly kind: "reconnecting"; readonly tries: number }
  /** The server said no for good: the token is good no longer. */
  | { readonly kind: "refused"; readonly problem: Problem };

export interface StreamOptions {
  /** `ws://…/api/v1/events`. */
  readonly url: string;
  readonly token: () => string;
  /** The last event seen, and of which journal; asked at each connection. */
  readonly cursor: () => Cursor | undefined;
  /** Takes a message in; says whether it followed what was seen before. */
  readonly onMessage: (message: Message) => boolean;
  readonly onStatus: (status: Status) => void;
  readonly open?: (url: string) => WebSocket;
  readonly random?: () => number;
}

export interface Stream {
  close(): void;
}

/** After so many gaps without an event between them the cursor is of no use, and a snapshot is asked for. */
const GAPS_MAX = 2;

/** How long a connection may take until the server's first message. Milliseconds. */
const OPEN_WITHIN_MS = 10_000;

export function createStream(options: StreamOptions): Stream {
  const { open = (url) => new WebSocket(url), random = Math.random } = options;
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** How many connections failed since the last one that was good; undefined while one is. */
  let tries: number | undefined = 0;
  let gaps = 0;
  let closed = false;

  function connect(): void {
    const current = open(options.url);
    socket = current;
    wait(OPEN_WITHIN_MS, () => lost(current));
    current.onopen = () => current.send(JSON.stringify(subscription()));
    current.onmessage = ({ data }) => {
      if (current === socket && typeof data === "string") hear(current, data);
    };
    current.onclose = () => lost(current);
  }

  function subscription(): object {
    const after = gaps < GAPS_MAX ? options.cursor() : undefined;
    const cursor = after === undefined ? {} : { journal: after.journal, after: after.seq };
    return { type: "subscribe", token: options.token(), can: true, ...cursor };
  }

  function hear(current: WebSocket, data: string): void {
    const said = messageFrom(data);
    if (said?.kind === "error") refuse(current, said.problem);
    if (said?.kind === "message") take(current, said.message);
  }

  function take(current: WebSocket, message: Message): void {
    if (tries !== undefined) live();
    if (!options.onMessage(message)) {
      gaps += 1;
      lost(current);
    } else if (message.type !== "resumed") {
      gaps = 0;
    }
  }

  function live(): void {
    clearTimeout(timer);
    tries = undefined;
    options.onStatus({ kind: "live" });
  }

  function refuse(current: WebSocket, problem: Problem): void {
    if (problem.code === "unauthenticated" || problem.code === "forbidden") {
      close();
      options.onStatus({ kind: "refused", problem });
    } else {
      lost(current);
    }
  }

  function lost(current: WebSocket): void {
    if (closed || current !== socket) return;
    leave();
    tries = (tries ?? 0) + 1;
    options.onStatus({ kind: "reconnecting", tries });
    wait(backoffMs(tries, random()), connect);
  }

  function wait(ms: number, then: () => void): void {
    clearTimeout(timer);
    timer = setTimeout(then, ms);
  }

  /** Leaves the socket to itself: whatever it still says is not ours. */
  function leave(): void {
    const left = socket;
    socket = undefined;
    left?.close();
  }

  function close(): void {
    closed = true;
    clearTimeout(timer);
    leave();
  }

  options.onStatus({ kind: "connecting" });
  connect();
  return { close };
}
