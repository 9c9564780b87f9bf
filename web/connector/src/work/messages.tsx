/** What the CRM and the server have to say to the agent. */

import { formatTime } from "@cordboard/desk-store";
import { useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Button, Dialog } from "@cordboard/ui";
import { useLink } from "../crm/context.ts";
import type { Note } from "../crm/notes.ts";
import type { Severity } from "../crm/words.ts";
import { c } from "../texts/index.ts";

const LEVELS: Readonly<Record<Severity, "info" | "good" | "warning" | "error">> = {
  EVENT: "info",
  INFO: "info",
  SUCCESS: "good",
  WARNING: "warning",
  ERROR: "error",
  CRITICAL: "error",
};

/** What comes up over the page and goes. */
export function Passing() {
  const { notices } = t();
  const { messages } = useDesk();
  const { dismiss, notes } = useLink();
  return (
    <section class="messages" aria-label={notices.region} aria-live="polite">
      {notes.value.passing.map((note) => (
        <div key={`crm ${note.id}`} class={`message ${LEVELS[note.severity]}`}>
          <Words note={note} />
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

/** The dialog that the CRM wants to be read. Nobody is told which button was pressed: the protocol has no message for it. */
export function CrmDialog() {
  const { crm, dismiss, notes } = useLink();
  const [note] = notes.value.dialogs;
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

/** What is kept to be read later. */
export function Kept() {
  const { kept } = useLink().notes.value;
  return (
    <div class="kept">
      {kept.length === 0 && <p class="empty">{c().messages.none}</p>}
      <ul class="plain-list">
        {kept.map((note) => (
          <li key={note.id} class={`message ${LEVELS[note.severity]}`}>
            <Words note={note} />
            <small>{formatTime(note.at)}</small>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Words({ note }: { readonly note: Note }) {
  return (
    <p>
      {note.title && <strong>{note.title} </strong>}
      {note.text}
    </p>
  );
}
