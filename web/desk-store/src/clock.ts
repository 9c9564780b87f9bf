/** The current time, updated every second. */

import { type ReadonlySignal, signal } from "@preact/signals";
import type { Session } from "./session.ts";

export interface Clock {
  /** The server's time. Unix milliseconds. */
  readonly now: ReadonlySignal<number>;
  start(): () => void;
}

export function createClock({ clockOffsetMs }: Session): Clock {
  const now = signal(Date.now());
  return {
    now,
    start() {
      let timer: ReturnType<typeof setTimeout>;
      const tick = () => {
        now.value = Date.now() + clockOffsetMs.peek();
        timer = setTimeout(tick, 1000 - (Date.now() % 1000));
      };
      tick();
      return () => clearTimeout(timer);
    },
  };
}
