/** The socket of events: goes on by the cursor, and notices gaps. */

import { type Message, messageFrom } from "./message.ts";
import type { Problem } from "./problem.ts";
import { createSocket } from "./socket.ts";
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
  readonly open?: ((url: string) => WebSocket) | undefined;
  readonly random?: (() => number) | undefined;
  readonly warn?: (text: string) => void;
}

export interface Stream {
  close(): void;
}

/** After so many gaps without an event between them the cursor is of no use, and a snapshot is asked for. */
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

  function hear(text: string): void {
    const said = messageFrom(text);
    switch (said?.kind) {
      case "message":
        return take(said.message);
      case "error":
        return refuse(said.problem);
      case "unreadable":
        warn(`a message of the server cannot be read: ${said.fault}`);
        return missed();
    }
  }

  function take(message: Message): void {
    socket.good();
    if (!live) options.onStatus({ kind: "live" });
    live = true;
    if (!options.onMessage(message)) missed();
    else if (message.type !== "resumed") gaps = 0;
  }

  function missed(): void {
    gaps += 1;
    socket.again();
  }

  function refuse(problem: Problem): void {
    if (problem.code !== "unauthenticated" && problem.code !== "forbidden") return socket.again();
    socket.close();
    options.onStatus({ kind: "refused", problem });
  }

  options.onStatus({ kind: "connecting" });
  const socket = createSocket({
    url: options.url,
    hello: subscription,
    onText: hear,
    onLost(tries) {
      live = false;
      options.onStatus({ kind: "reconnecting", tries });
    },
    open: options.open,
    random: options.random,
  });
  return { close: socket.close };
}
