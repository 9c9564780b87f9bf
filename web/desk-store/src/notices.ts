/** Notices from the server, and how many of them are unread. */

import type { NoticeView } from "@cordboard/client";
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Messages } from "./messages.ts";
import { noticeText } from "./notice-texts.ts";
import type { Session } from "./session.ts";

export interface Notices {
  /** All notices, the newest last. */
  readonly list: ReadonlySignal<readonly NoticeView[]>;
  /** The number of unread notices. */
  readonly unread: ReadonlySignal<number>;
  /** Marks all notices as read. */
  markRead(): void;
  /** Shows each new notice once as a message. Returns the function that stops this. */
  start(): () => void;
}

export function createNotices({ state }: Session, messages: Messages): Notices {
  /** The sequence number of the last notice that was read. */
  const read = signal(0);
  const list = computed(() => state.value.notices);
  return {
    list,
    unread: computed(() => list.value.filter((notice) => notice.seq > read.value).length),
    markRead() {
      read.value = list.value.at(-1)?.seq ?? 0;
    },
    start() {
      let last = 0;
      return effect(() => {
        for (const notice of list.value.filter(({ seq }) => seq > last)) {
          last = notice.seq;
          messages.show(notice.level, noticeText(notice));
        }
      });
    },
  };
}
