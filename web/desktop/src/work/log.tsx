import { type InteractionView, needsLog } from "@cordboard/client";
import { useState } from "preact/hooks";
import { clock } from "../call/words.ts";
import { ask, isAsked } from "../store/asking.ts";
import { t } from "../texts/index.ts";
import { Button } from "../ui/button.tsx";
import { Field, Pairs } from "../ui/field.tsx";

/** What was written down, and a form to write more; it begins with what came with the record. */
export function Log({ one }: { readonly one: InteractionView }) {
  const { log } = t();
  const begins = Object.assign({}, ...(one.pops ?? []).map((pop) => pop.log_fields ?? {})) as Record<
    string,
    string
  >;
  const [subject, setSubject] = useState("");
  const [text, setText] = useState("");
  const [changed, setChanged] = useState<Record<string, string>>({});
  const fields = { ...begins, ...changed };

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    const accepted = await ask(one.id, { verb: "log", subject, text, fields });
    if (!accepted) return;
    setSubject("");
    setText("");
    setChanged({});
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
          <Field id="log-subject" label={log.subject} value={subject} onInput={setSubject} />
          {Object.entries(fields).map(([name, value]) => (
            <Field
              key={name}
              label={name}
              value={value}
              onInput={(next) => setChanged({ ...changed, [name]: next })}
            />
          ))}
          <Field label={log.text} value={text} onInput={setText} lines={3} />
          <Button
            type="submit"
            asked={isAsked(one.id, "log")}
            disabled={subject === "" && text === "" && Object.keys(fields).length === 0}
          >
            {log.submit}
          </Button>
        </form>
      )}
    </section>
  );
}
