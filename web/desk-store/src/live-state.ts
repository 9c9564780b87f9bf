/** The state of the node, kept current by the event stream while an account is signed in. */

import {
  createStream,
  cursorOf,
  EMPTY_STATE,
  type Floor,
  follows,
  type Message,
  reduce,
  type State,
  type Status,
  type Stream,
  socketUrl,
} from "@cordboard/client";
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Account, AccountStore } from "./account.ts";

export interface LiveState {
  readonly state: ReadonlySignal<State>;
  readonly status: ReadonlySignal<Status>;
  /** The server's clock minus this machine's clock. Milliseconds. */
  readonly clockOffsetMs: ReadonlySignal<number>;
  /** Keeps the event stream open while an account is signed in. Returns the function that stops it. */
  start(): () => void;
}

export interface LiveStateOptions {
  readonly open?: (url: string) => WebSocket;
  readonly location?: Pick<Location, "protocol" | "host">;
}

export function createLiveState(
  account: Pick<AccountStore, "current" | "expire">,
  fetchFloor: () => Promise<Floor | undefined>,
  options: LiveStateOptions,
): LiveState {
  const state = signal<State>(EMPTY_STATE);
  const status = signal<Status>({ kind: "connecting" });
  const clockOffsetMs = signal(0);

  function open(current: Account): Stream {
    state.value = EMPTY_STATE;
    return createStream({
      url: socketUrl("/api/v1/events", options.location),
      token: () => current.token,
      cursor: () => cursorOf(state.peek()),
      onMessage: receive,
      onStatus: (next) => {
        status.value = next;
        if (next.kind === "refused") account.expire(next.problem);
      },
      open: options.open,
    });
  }

  function receive(message: Message): boolean {
    if (!follows(state.peek(), message)) return false;
    state.value = reduce(state.peek(), message);
    // A snapshot has no floor, and events carry it only when it changes.
    if (message.type === "snapshot") {
      clockOffsetMs.value = message.snapshot.at - Date.now();
      void loadFloor();
    }
    return true;
  }

  async function loadFloor(): Promise<void> {
    const floor = await fetchFloor();
    if (floor) state.value = reduce(state.peek(), { type: "floor", floor });
  }

  return {
    state,
    status,
    clockOffsetMs,
    start: () =>
      effect(() => {
        const current = account.current.value;
        const stream = current && open(current);
        return () => stream?.close();
      }),
  };
}
