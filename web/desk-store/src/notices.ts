/** What the server has told the agent, and how much of it was read. */

import type { NoticeView } from "@cordboard/client";
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Messages } from "./messages.ts";
import type { Session } from "./session.ts";

export interface Notices {
  /** The newest last. */
  readonly list: ReadonlySignal<readonly NoticeView[]>;
  /** How many were not looked at. */
  readonly unread: ReadonlySignal<number>;
  /** All that there are were looked at. */
  look(): void;
  /** Shows each notice once as it comes. */
  start(): () => void;
}

export function createNotices({ state }: Session, messages: Messages): Notices {
  /** The last notice that was looked at, by its event. */
  const seen = signal(0);
  const list = computed(() => state.value.notices);
  return {
    list,
    unread: computed(() => list.value.filter((notice) => notice.seq > seen.value).length),
    look() {
      seen.value = list.value.at(-1)?.seq ?? 0;
    },
    start() {
      let last = 0;
      return effect(() => {
        for (const notice of list.value.filter(({ seq }) => seq > last)) {
          last = notice.seq;
          messages.show(notice.level, notice.text);
        }
      });
    },
  };
}
