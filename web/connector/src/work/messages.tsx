/** Notifications of the CRM, and messages of the server. */

import { formatTime } from "@cordboard/desk-store";
import { useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Button, Dialog } from "@cordboard/ui";
import { useCrmLink } from "../crm/context.ts";
import type { ShownNotification } from "../crm/notifications.ts";
import type { Severity } from "../crm/session-messages.ts";
import { c } from "../texts/index.ts";

const LEVELS: Readonly<Record<Severity, "info" | "good" | "warning" | "error">> = {
  EVENT: "info",
  INFO: "info",
  SUCCESS: "good",
  WARNING: "warning",
  ERROR: "error",
  CRITICAL: "error",
};

/** Messages above the page that disappear after a few seconds. */
export function Toasts() {
  const { notices } = t();
  const { messages } = useDesk();
  const { dismiss, notifications } = useCrmLink();
  return (
    <section class="messages" aria-label={notices.region} aria-live="polite">
      {notifications.value.toasts.map((note) => (
        <div key={`crm ${note.id}`} class={`message ${LEVELS[note.severity]}`}>
          <NotificationText note={note} />
          <Button kind="quiet" icon="cancel" label={notices.dismiss} onPress={() => dismiss(note.id)} />
        </div>
      ))}
      {messages.list.value.map(({ id, level, text }) => (
        <div key={`server ${id}`} class={`message ${level}`}>
          <p>{text}</p>
          <Button kind="quiet" icon="cancel" label={notices.dismiss} onPress={() => messages.dismiss(id)} />
        </div>
      ))}
    </section>
  );
}

/** A dialog of the CRM. The protocol has no message for the pressed button, so the CRM does not learn it. */
export function CrmDialog() {
  const { crm, dismiss, notifications } = useCrmLink();
  const [note] = notifications.value.dialogs;
  if (!note) return null;
  const close = () => dismiss(note.id);
  const texts = c().messages;
  return (
    <Dialog key={note.id} title={note.title || texts.from(crm.value.name)} onClose={close}>
      <p class={`note ${LEVELS[note.severity]}`}>{note.text}</p>
      {note.kind !== "fixedDialog" && (
        <div class="answers">
          {note.kind === "okCancelDialog" && <Button onPress={close}>{texts.cancel}</Button>}
          <Button kind="main" onPress={close}>
            {texts.ok}
          </Button>
        </div>
      )}
    </Dialog>
  );
}

/** The inbox: stored notifications. */
export function Inbox() {
  const { inbox } = useCrmLink().notifications.value;
  return (
    <div class="kept">
      {inbox.length === 0 && <p class="empty">{c().messages.none}</p>}
      <ul class="plain-list">
        {inbox.map((note) => (
          <li key={note.id} class={`message ${LEVELS[note.severity]}`}>
            <NotificationText note={note} />
            <small>{formatTime(note.at)}</small>
          </li>
        ))}
      </ul>
    </div>
  );
}

function NotificationText({ note }: { readonly note: ShownNotification }) {
  return (
    <p>
      {note.title && <strong>{note.title} </strong>}
      {note.text}
    </p>
  );
}
