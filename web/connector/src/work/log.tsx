/**
 * What the agent writes down of a call, for the CRM. Notes and disposition are saved as they are typed; what the CRM alone has fields for
 * stays here until it is logged.
 */

import { type InteractionView, needsLog, type Verb } from "@cordboard/client";
import type { DeskStore } from "@cordboard/desk-store";
import { Saved, useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Button, Choice, Field } from "@cordboard/ui";
import { effect, signal } from "@preact/signals";
import { useLink } from "../crm/context.ts";
import type { CustomField } from "../crm/words.ts";
import { c } from "../texts/index.ts";

interface Draft {
  readonly subject: string;
  readonly fields: Readonly<Record<string, string>>;
}

const EMPTY: Draft = { subject: "", fields: {} };

/** By interaction: what was begun during the call is there when it is over. */
const drafts = signal<Readonly<Record<string, Draft>>>({});

/** What was typed about calls that are completed goes into the notes of their records. */
export function watchDrafts({ notes, session }: DeskStore): void {
  const { interactions, state, status } = session;
  effect(() => {
    if (status.value.kind !== "live" || state.value.seq === undefined) return;
    const open = new Set(interactions.value.map(({ id }) => id));
    for (const [id, draft] of Object.entries(drafts.peek())) if (!open.has(id)) giveUp(notes, id, draft);
  });
}

function giveUp({ rescue }: DeskStore["notes"], id: string, { subject, fields }: Draft): void {
  const { [id]: _, ...others } = drafts.peek();
  drafts.value = others;
  rescue(id, [subject, ...filled(fields).map(([name, value]) => `${name}: ${value}`)]);
}

export interface LogProps {
  readonly one: InteractionView;
  /** Nobody talks any more: the call can be completed. */
  readonly over: boolean;
}

export function Log({ one, over }: LogProps) {
  const draft = drafts.value[one.id] ?? EMPTY;
  const change = (part: Partial<Draft>) => {
    drafts.value = { ...drafts.value, [one.id]: { ...draft, ...part } };
  };
  const { asking, notes: saver } = useDesk();
  const { ask, isAsked } = asking;
  const { notes } = saver.of(one);
  const logs = useLink().crm.value.settings.log.enabled;
  // Where a log is required and nothing but notes were typed, they are the log.
  const mustLog = hasText(draft) || (over && needsLog(one));
  const asked = isAsked(one.id, "log") || isAsked(one.id, "complete");

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (asked || (mustLog && !(await ask(one.id, logOf(draft, hasText(draft) ? "" : notes))))) return;
    const { [one.id]: _, ...others } = drafts.value;
    drafts.value = others;
    if (mustLog && !hasText(draft)) saver.type(one, { notes: "" });
    // What is completed has what is saved.
    if ((await saver.save(one.id)) && over) await ask(one.id, { verb: "complete" });
  }

  return (
    <form class="log" aria-label={over ? t().wrapUp.title : c().call.notes} onSubmit={submit}>
      <h3>{over ? t().wrapUp.title : c().call.notes}</h3>
      <Logged one={one} />
      {logs && (
        <Field label={t().log.subject} value={draft.subject} onInput={(subject) => change({ subject })} />
      )}
      <Field
        label={t().log.text}
        value={notes}
        onInput={(notes) => saver.type(one, { notes })}
        onLeave={() => void saver.save(one.id)}
        lines={2}
      />
      {logs && <Customs draft={draft} change={change} />}
      {over && <Disposition one={one} />}
      <Saved one={one} />
      <Button
        type="submit"
        kind={over ? "main" : "plain"}
        icon="check"
        asked={asked}
        disabled={over ? needsLog(one) && !hasText(draft) && notes === "" : !hasText(draft) && notes === ""}
      >
        {over ? (hasText(draft) || notes !== "" ? c().call.finish : c().call.complete) : c().call.saveNotes}
      </Button>
    </form>
  );
}

function Logged({ one }: { readonly one: InteractionView }) {
  const logs = one.logs ?? [];
  if (logs.length === 0) return null;
  return (
    <ul class="saved" aria-label={c().call.saved}>
      {logs.map(({ at, subject, text }) => (
        <li key={at}>
          <strong>{subject}</strong> {text}
        </li>
      ))}
    </ul>
  );
}

interface PartProps {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
}

function Customs({ draft, change }: PartProps) {
  return (
    <>
      {useLink().crm.value.fields.map((field) => (
        <Custom
          key={field.key}
          field={field}
          value={draft.fields[field.key] ?? ""}
          onChange={(value) => change({ fields: { ...draft.fields, [field.key]: value } })}
        />
      ))}
    </>
  );
}

interface CustomProps {
  readonly field: CustomField;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A field of the CRM's: a choice where it names values, else any text. */
function Custom({ field, value, onChange }: CustomProps) {
  if (field.picks.length === 0) return <Field label={field.label} value={value} onInput={onChange} />;
  const options = field.picks.map((pick) => ({ value: pick, text: pick }));
  return (
    <Choice
      label={field.label}
      value={value}
      options={[{ value: "", text: c().call.none }, ...options]}
      onChoose={onChange}
    />
  );
}

function Disposition({ one }: { readonly one: InteractionView }) {
  const { notes, session } = useDesk();
  const { crm, label } = useLink();
  const dispositions = (session.floor.value?.dispositions ?? []).map(({ code, name }) => ({
    value: code,
    text: name,
  }));
  if (!crm.value.settings.reasons.disposition || dispositions.length === 0) return null;
  const { wrapUp } = t();
  return (
    <Choice
      label={label("dispositionCodes", wrapUp.disposition)}
      value={notes.of(one).disposition}
      options={[{ value: "", text: wrapUp.noDisposition }, ...dispositions]}
      onChoose={(disposition) => notes.type(one, { disposition })}
    />
  );
}

function hasText({ subject, fields }: Draft): boolean {
  return subject.trim() !== "" || filled(fields).length > 0;
}

function logOf({ subject, fields }: Draft, text: string): Verb {
  return { verb: "log", subject, text, fields: Object.fromEntries(filled(fields)) };
}

function filled(fields: Draft["fields"]): readonly (readonly [string, string])[] {
  return Object.entries(fields).filter(([, value]) => value.trim() !== "");
}
