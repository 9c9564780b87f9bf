/** The second that it is, for everything that counts. */

import { type ReadonlySignal, signal } from "@preact/signals";
import type { Session } from "./session.ts";

export interface Clock {
  /** Unix milliseconds of the server's clock. */
  readonly now: ReadonlySignal<number>;
  start(): () => void;
}

export function createClock({ ahead }: Session): Clock {
  const now = signal(Date.now());
  return {
    now,
    start() {
      let timer: ReturnType<typeof setTimeout>;
      const tick = () => {
        now.value = Date.now() + ahead.peek();
        timer = setTimeout(tick, 1000 - (Date.now() % 1000));
      };
      tick();
      return () => clearTimeout(timer);
    },
  };
}
