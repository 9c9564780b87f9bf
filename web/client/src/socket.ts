/** A socket to the server that makes itself again after each loss, a little later each time. */

import { backoffMs } from "./backoff.ts";

export interface SocketOptions {
  /** `ws://…`. */
  readonly url: string;
  /** What is said first on each connection. */
  readonly hello: () => object;
  readonly onText: (text: string) => void;
  /** The connection was lost; `tries` have failed since the last one that was good. */
  readonly onLost: (tries: number) => void;
  readonly open?: ((url: string) => WebSocket) | undefined;
  readonly random?: (() => number) | undefined;
}

export interface Socket {
  /** Sends on the present connection; what is sent without one is lost. */
  send(text: string): void;
  /** The connection is good: the server has answered. */
  good(): void;
  /** Gives the connection up, and makes another one. */
  again(): void;
  close(): void;
}

/** How long a connection may take until it is good. Milliseconds. */
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
    leave();
    tries += 1;
    options.onLost(tries);
    wait(backoffMs(tries, random()), connect);
  }

  function wait(ms: number, then: () => void): void {
    clearTimeout(timer);
    timer = setTimeout(then, ms);
  }

  /** Nothing that the socket still says is heard. */
  function leave(): void {
    const left = socket;
    socket = undefined;
    left?.close();
  }

  connect();
  return {
    send: (text) => socket?.send(text),
    good() {
      clearTimeout(timer);
      tries = 0;
    },
    again: () => lost(socket),
    close() {
      closed = true;
      clearTimeout(timer);
      leave();
    },
  };
}

/** The address of a socket of the server that the page came from. */
export function socketUrl(
  path: string,
  { protocol, host }: Pick<Location, "protocol" | "host"> = location,
): string {
  return `${protocol === "https:" ? "wss" : "ws"}://${host}${path}`;
}
