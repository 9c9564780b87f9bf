/** Several tabs of one browser: one of them leads, and all may hear what one says. */

export interface Tabs<T> {
  /** Says something to the other tabs. */
  say(message: T): void;
  close(): void;
}

/** Listens to the other tabs that know the same name. */
export function createTabs<T>(name: string, onSaid: (message: T) => void): Tabs<T> {
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }) => onSaid(data as T);
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
