import { formatTime, noticeText } from "@cordboard/desk-store";
import { useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Dialog } from "@cordboard/ui";
import { useEffect } from "preact/hooks";

export function Notices() {
  const { notices, view } = useDesk();
  const { list, markRead } = notices;
  const all = list.value;
  // Also for notices that arrive while the dialog is open.
  useEffect(() => {
    if (all.length > 0) markRead();
  }, [all, markRead]);
  return (
    <Dialog title={t().notices.title} onClose={view.close}>
      {all.length === 0 && <p class="empty">{t().notices.none}</p>}
      <ul class="plain-list">
        {all.toReversed().map((notice) => (
          <li key={notice.seq} class={`message ${notice.level}`}>
            <p>{noticeText(notice)}</p>
            <small>{formatTime(notice.at)}</small>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
