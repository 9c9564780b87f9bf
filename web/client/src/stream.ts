/** The event stream: resumes at the cursor and detects gaps. */

import { type Message, messageFrom } from "./message.ts";
import type { Problem } from "./problem.ts";
import { createSocket } from "./socket.ts";
import type { Cursor } from "./state.ts";

export type Status =
  /** The first connection is being opened. */
  | { readonly kind: "connecting" }
  /** Connected: all events arrive. */
  | { readonly kind: "live" }
  /** The connection was lost and is being opened again. */
  | { readonly kind: "reconnecting"; readonly tries: number }
  /** The server refused the token. The stream does not reconnect. */
  | { readonly kind: "refused"; readonly problem: Problem };

export interface StreamOptions {
  /** `ws://…/api/v1/events`. */
  readonly url: string;
  readonly token: () => string;
  /** The last applied event. Called for each connection. */
  readonly cursor: () => Cursor | undefined;
  /** Applies a message. Returns false if events are missing before it. */
  readonly onMessage: (message: Message) => boolean;
  readonly onStatus: (status: Status) => void;
  readonly open?: ((url: string) => WebSocket) | undefined;
  readonly random?: (() => number) | undefined;
  readonly warn?: (text: string) => void;
}

export interface Stream {
  close(): void;
}

/** After this many gaps in a row, the stream asks for a snapshot instead of resuming at the cursor. */
const GAPS_MAX = 2;

export function createStream(options: StreamOptions): Stream {
  const { warn = (text) => console.warn(text) } = options;
  let gaps = 0;
  let live = false;

  function subscription(): object {
    const after = gaps < GAPS_MAX ? options.cursor() : undefined;
    const cursor = after === undefined ? {} : { journal: after.journal, after: after.seq };
    return { type: "subscribe", token: options.token(), can: true, ...cursor };
  }

  function receive(text: string): void {
    const received = messageFrom(text);
    switch (received?.kind) {
      case "message":
        return apply(received.message);
      case "error":
        return refuse(received.problem);
      case "unreadable":
        warn(`cannot read a message of the server: ${received.fault}`);
        return onGap();
    }
  }

  function apply(message: Message): void {
    socket.confirm();
    if (!live) options.onStatus({ kind: "live" });
    live = true;
    if (!options.onMessage(message)) onGap();
    else if (message.type !== "resumed") gaps = 0;
  }

  function onGap(): void {
    gaps += 1;
    socket.reconnect();
  }

  function refuse(problem: Problem): void {
    if (problem.code !== "unauthenticated" && problem.code !== "forbidden") return socket.reconnect();
    socket.close();
    options.onStatus({ kind: "refused", problem });
  }

  options.onStatus({ kind: "connecting" });
  const socket = createSocket({
    url: options.url,
    hello: subscription,
    onText: receive,
    onLost(tries) {
      live = false;
      options.onStatus({ kind: "reconnecting", tries });
    },
    open: options.open,
    random: options.random,
  });
  return { close: socket.close };
}
