/** The state of things, as the server tells it while somebody is signed in. */

import {
  createStream,
  cursorOf,
  type Floor,
  follows,
  type Message,
  NOTHING,
  reduce,
  type State,
  type Status,
  type Stream,
  socketUrl,
} from "@cordboard/client";
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Account, AccountStore } from "./account.ts";

export interface Live {
  readonly state: ReadonlySignal<State>;
  readonly status: ReadonlySignal<Status>;
  /** How far the server's clock is ahead of this machine's. Milliseconds. */
  readonly ahead: ReadonlySignal<number>;
  /** Keeps the stream of events open while somebody is signed in; gives how to end that. */
  start(): () => void;
}

export interface LiveOptions {
  readonly open?: (url: string) => WebSocket;
  readonly location?: Pick<Location, "protocol" | "host">;
}

export function createLive(
  account: Pick<AccountStore, "current" | "end">,
  fetchFloor: () => Promise<Floor | undefined>,
  options: LiveOptions,
): Live {
  const state = signal<State>(NOTHING);
  const status = signal<Status>({ kind: "connecting" });
  const ahead = signal(0);

  function open(current: Account): Stream {
    state.value = NOTHING;
    return createStream({
      url: socketUrl("/api/v1/events", options.location),
      token: () => current.token,
      cursor: () => cursorOf(state.peek()),
      onMessage: take,
      onStatus: (next) => {
        status.value = next;
        if (next.kind === "refused") account.end(next.problem);
      },
      open: options.open,
    });
  }

  function take(message: Message): boolean {
    if (!follows(state.peek(), message)) return false;
    state.value = reduce(state.peek(), message);
    // The floor comes with events only when it changes.
    if (message.type === "snapshot") {
      ahead.value = message.snapshot.at - Date.now();
      void takeFloor();
    }
    return true;
  }

  async function takeFloor(): Promise<void> {
    const floor = await fetchFloor();
    if (floor) state.value = reduce(state.peek(), { type: "floor", floor });
  }

  return {
    state,
    status,
    ahead,
    start: () =>
      effect(() => {
        const current = account.current.value;
        const stream = current && open(current);
        return () => stream?.close();
      }),
  };
}
