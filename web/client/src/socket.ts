/** A WebSocket to the server that reconnects after each loss, with increasing delays. */

import { backoffMs } from "./backoff.ts";

export interface SocketOptions {
  /** `ws://…`. */
  readonly url: string;
  /** The first message on each connection. */
  readonly hello: () => object;
  readonly onText: (text: string) => void;
  /** The connection was lost. `tries` is the number of failed attempts since the last confirmed connection. */
  readonly onLost: (tries: number) => void;
  readonly open?: ((url: string) => WebSocket) | undefined;
  readonly random?: (() => number) | undefined;
}

export interface Socket {
  /** Sends a message. Without a connection the message is lost. */
  send(text: string): void;
  /** Confirms the connection because the server has answered: resets the delays. */
  confirm(): void;
  /** Closes the connection and opens another one. */
  reconnect(): void;
  close(): void;
}

/** How long a connection may take until it is confirmed. Milliseconds. */
const OPEN_WITHIN_MS = 10_000;

export function createSocket(options: SocketOptions): Socket {
  const { open = (url) => new WebSocket(url), random = Math.random } = options;
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let tries = 0;
  let closed = false;

  function connect(): void {
    const current = open(options.url);
    socket = current;
    wait(OPEN_WITHIN_MS, () => lost(current));
    current.onopen = () => current.send(JSON.stringify(options.hello()));
    current.onmessage = ({ data }) => {
      if (current === socket && typeof data === "string") options.onText(data);
    };
    current.onclose = () => lost(current);
  }

  function lost(current: WebSocket | undefined): void {
    if (closed || current === undefined || current !== socket) return;
    disconnect();
    tries += 1;
    options.onLost(tries);
    wait(backoffMs(tries, random()), connect);
  }

  function wait(ms: number, then: () => void): void {
    clearTimeout(timer);
    timer = setTimeout(then, ms);
  }

  /** Closes the socket and ignores its further messages. */
  function disconnect(): void {
    const left = socket;
    socket = undefined;
    left?.close();
  }

  connect();
  return {
    send: (text) => socket?.send(text),
    confirm() {
      clearTimeout(timer);
      tries = 0;
    },
    reconnect: () => lost(socket),
    close() {
      closed = true;
      clearTimeout(timer);
      disconnect();
    },
  };
}

/** The WebSocket URL for a path of the server that the page came from. */
export function socketUrl(
  path: string,
  { protocol, host }: Pick<Location, "protocol" | "host"> = location,
): string {
  return `${protocol === "https:" ? "wss" : "ws"}://${host}${path}`;
}
