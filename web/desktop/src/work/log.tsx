import { type InteractionView, needsLog } from "@cordboard/client";
import { type Draft, formatTime } from "@cordboard/desk-store";
import { useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Button, Field, Pairs } from "@cordboard/ui";
import { logStart } from "./log-fields.ts";

/** The ID of the first field. */
const SUBJECT = "log-subject";

/** The log entries, and a form to add one. Its fields start with the values from the screen pop. */
export function Log({ one }: { readonly one: InteractionView }) {
  const { log } = t();
  const { commands, drafts } = useDesk();
  const start = logStart(one);
  const { subject = start.subject, text = start.text, ...changed } = drafts.of(one.id, "log");
  const fields = { ...start.fields, ...withoutPrefix(changed) };
  const empty = subject === "" && text === "" && Object.keys(fields).length === 0;
  const edit = (part: Draft) => drafts.edit(one.id, "log", part);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (empty || commands.isPending(one.id, "log")) return;
    const sent = drafts.of(one.id, "log");
    // Text that the agent types from now on belongs to the next entry.
    drafts.forget(one.id, "log");
    document.getElementById(SUBJECT)?.focus();
    if (await commands.send(one.id, { verb: "log", subject, text, fields })) return;
    edit({ ...sent, ...drafts.of(one.id, "log") });
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
          <Field id={SUBJECT} label={log.subject} value={subject} onInput={(subject) => edit({ subject })} />
          {Object.entries(fields).map(([name, value]) => (
            <Field
              key={name}
              label={name}
              value={value}
              onInput={(value) => edit({ [PREFIX + name]: value })}
            />
          ))}
          <Field label={log.text} value={text} onInput={(text) => edit({ text })} lines={3} />
          <Button type="submit" pending={commands.isPending(one.id, "log")} disabled={empty}>
            {log.submit}
          </Button>
        </form>
      )}
    </section>
  );
}

/** The prefix of the sender's field names in a draft, which could otherwise be equal to the form's own names. */
const PREFIX = "field:";

function withoutPrefix(changed: Draft): Draft {
  return Object.fromEntries(
    Object.entries(changed).map(([name, value]) => [name.slice(PREFIX.length), value]),
  );
}
