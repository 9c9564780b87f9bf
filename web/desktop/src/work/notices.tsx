import { computed, effect, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { clock } from "../call/words.ts";
import { state } from "../store/desk.ts";
import { show } from "../store/messages.ts";
import { close } from "../store/view.ts";
import { t } from "../texts/index.ts";
import { Dialog } from "../ui/dialog.tsx";

/** The last notice that was looked at, by its event. */
const seen = signal(0);

export const unread = computed(() => state.value.notices.filter((notice) => notice.seq > seen.value).length);

/** Shows each notice once as it comes. */
export function watch(): void {
  let last = 0;
  effect(() => {
    for (const notice of state.value.notices.filter(({ seq }) => seq > last)) {
      last = notice.seq;
      show(notice.level, notice.text);
    }
  });
}

export function Notices() {
  const { notices } = state.value;
  useEffect(() => {
    seen.value = notices.at(-1)?.seq ?? 0;
  }, [notices]);
  return (
    <Dialog title={t().notices.title} onClose={close}>
      {notices.length === 0 && <p class="empty">{t().notices.none}</p>}
      <ul class="plain-list">
        {notices.toReversed().map(({ seq, at, level, text }) => (
          <li key={seq} class={`message ${level}`}>
            <p>{text}</p>
            <small>{clock(at)}</small>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
