/** Several tabs of one browser: one of them leads, and all may hear what one says. */

import { read, type Shape } from "@cordboard/guard";

export interface Tabs<T> {
  /** Says something to the other tabs. */
  say(message: T): void;
  close(): void;
}

/** Listens to the other tabs that know the same name. What they say that is of no known shape is not heard. */
export function createTabs<T>(name: string, shape: Shape<T>, onSaid: (message: T) => void): Tabs<T> {
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }) => {
    const said = read(shape, data);
    if (said.ok) onSaid(said.value);
  };
  return { say: (message) => channel.postMessage(message), close: () => channel.close() };
}

/**
 * Stands in line to lead. Exactly one tab of a name leads at any time; when it is closed, reloaded or stops, the next one does.
 *
 * @returns how to step back
 */
export function lead(name: string, onLead: (leading: boolean) => void): () => void {
  const stop = new AbortController();
  let stepBack = () => {};
  const led = () =>
    new Promise<void>((resolve) => {
      stepBack = resolve;
      onLead(true);
    });
  // Refused only when stepping back while in line.
  navigator.locks.request(name, { signal: stop.signal }, led).catch(() => onLead(false));
  return () => {
    stop.abort();
    stepBack();
    onLead(false);
  };
}
