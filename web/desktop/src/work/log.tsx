import { type InteractionView, needsLog } from "@cordboard/client";
import { clock } from "../call/words.ts";
import { ask, isAsked } from "../store/asking.ts";
import { type Draft, draft, forget, type } from "../store/drafts.ts";
import { t } from "../texts/index.ts";
import { Button } from "../ui/button.tsx";
import { Field, Pairs } from "../ui/field.tsx";

/** The field that writing begins in. */
const SUBJECT = "log-subject";

/** What was written down, and a form to write more; it begins with what came with the record. */
export function Log({ one }: { readonly one: InteractionView }) {
  const { log } = t();
  const begins = Object.assign({}, ...(one.pops ?? []).map((pop) => pop.log_fields ?? {})) as Record<
    string,
    string
  >;
  const { subject = "", text = "", ...changed } = draft(one.id, "log");
  const fields = { ...begins, ...unmarked(changed) };
  const empty = subject === "" && text === "" && Object.keys(fields).length === 0;
  const typed = (part: Draft) => type(one.id, "log", part);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (empty || isAsked(one.id, "log")) return;
    const sent = draft(one.id, "log");
    // Whoever writes on writes the next entry, and into a field.
    forget(one.id, "log");
    document.getElementById(SUBJECT)?.focus();
    if (await ask(one.id, { verb: "log", subject, text, fields })) return;
    typed({ ...sent, ...draft(one.id, "log") });
  }

  return (
    <section class="panel" aria-label={log.title}>
      <h3>{log.title}</h3>
      {needsLog(one) && <p class="required">{log.required}</p>}
      {(one.logs ?? []).map((entry) => (
        <article key={entry.at} class="entry">
          <small>{log.by(entry.by, clock(entry.at))}</small>
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
          <Button type="submit" asked={isAsked(one.id, "log")} disabled={empty}>
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
