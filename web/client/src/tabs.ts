/** Tabs of one browser: messages between them, and the election of a leader. */

import { read, type Shape } from "@cordboard/guard";

export interface Tabs<T> {
  /** Sends a message to the other tabs. */
  send(message: T): void;
  close(): void;
}

/** Connects to other tabs that use the same name. Messages of another shape are ignored. */
export function createTabs<T>(name: string, shape: Shape<T>, onMessage: (message: T) => void): Tabs<T> {
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }) => {
    const message = read(shape, data);
    if (message.ok) onMessage(message.value);
  };
  return { send: (message) => channel.postMessage(message), close: () => channel.close() };
}

/**
 * Waits to become the leader. Exactly one tab per name is the leader. When it is closed, reloaded or resigns, another tab becomes leader.
 *
 * @returns the function that resigns
 */
export function electLeader(name: string, onLead: (leading: boolean) => void): () => void {
  const stop = new AbortController();
  let resign = () => {};
  const led = () =>
    new Promise<void>((resolve) => {
      resign = resolve;
      onLead(true);
    });
  // Rejected only if this tab resigns while it waits.
  navigator.locks.request(name, { signal: stop.signal }, led).catch(() => onLead(false));
  return () => {
    stop.abort();
    resign();
    onLead(false);
  };
}
