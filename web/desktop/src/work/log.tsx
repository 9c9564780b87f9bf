import { type InteractionView, needsLog } from "@cordboard/client";
import { type Draft, formatTime } from "@cordboard/desk-store";
import { useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Button, Field, Pairs } from "@cordboard/ui";

/** The field that writing begins in. */
const SUBJECT = "log-subject";

/** What was written down, and a form to write more; it begins with what came with the record. */
export function Log({ one }: { readonly one: InteractionView }) {
  const { log } = t();
  const { asking, drafts } = useDesk();
  const begins = Object.fromEntries(
    (one.pops ?? []).flatMap(({ log_fields }) => Object.entries(log_fields ?? {})),
  );
  const { subject = "", text = "", ...changed } = drafts.of(one.id, "log");
  const fields = { ...begins, ...unmarked(changed) };
  const empty = subject === "" && text === "" && Object.keys(fields).length === 0;
  const typed = (part: Draft) => drafts.type(one.id, "log", part);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (empty || asking.isAsked(one.id, "log")) return;
    const sent = drafts.of(one.id, "log");
    // Whoever writes on writes the next entry, and into a field.
    drafts.forget(one.id, "log");
    document.getElementById(SUBJECT)?.focus();
    if (await asking.ask(one.id, { verb: "log", subject, text, fields })) return;
    typed({ ...sent, ...drafts.of(one.id, "log") });
  }

  return (
    <section class="panel" aria-label={log.title}>
      <h3>{log.title}</h3>
      {needsLog(one) && <p class="required">{log.required}</p>}
      {(one.logs ?? []).map((entry) => (
        <article key={entry.at} class="entry">
          <small>{log.by(entry.by, formatTime(entry.at))}</small>
          <strong>{entry.subject}</strong>
          <p>{entry.text}</p>
          <Pairs pairs={Object.entries(entry.fields ?? {})} />
        </article>
      ))}
      {one.can.includes("log") && (
        <form onSubmit={submit}>
          <Field id={SUBJECT} label={log.subject} value={subject} onInput={(subject) => typed({ subject })} />
          {Object.entries(fields).map(([name, value]) => (
            <Field
              key={name}
              label={name}
              value={value}
              onInput={(value) => typed({ [MARK + name]: value })}
            />
          ))}
          <Field label={log.text} value={text} onInput={(text) => typed({ text })} lines={3} />
          <Button type="submit" asked={asking.isAsked(one.id, "log")} disabled={empty}>
            {log.submit}
          </Button>
        </form>
      )}
    </section>
  );
}

/** Stands before the names of the sender's fields in a draft, which may be called like the form's own. */
const MARK = "field:";

function unmarked(changed: Draft): Draft {
  return Object.fromEntries(Object.entries(changed).map(([name, value]) => [name.slice(MARK.length), value]));
}
