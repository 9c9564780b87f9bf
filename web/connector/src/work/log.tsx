/**
 * The form for the log of a call. Notes and disposition are saved while the agent types. The subject and the CRM's custom fields stay in
 * this page until they are logged.
 */

import { type InteractionView, needsLog, type Verb } from "@cordboard/client";
import type { DeskStore } from "@cordboard/desk-store";
import { SaveStatus, useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Button, Choice, Field } from "@cordboard/ui";
import { effect, signal } from "@preact/signals";
import { useCrmLink } from "../crm/context.ts";
import type { CustomField } from "../crm/session-messages.ts";
import { c } from "../texts/index.ts";

interface Draft {
  readonly subject: string;
  readonly fields: Readonly<Record<string, string>>;
}

const EMPTY: Draft = { subject: "", fields: {} };

/** Drafts by interaction ID. A draft from the call is still there after it. */
const drafts = signal<Readonly<Record<string, Draft>>>({});

/** Moves drafts of completed interactions into the notes of those interactions. */
export function watchDrafts({ notes, session }: DeskStore): void {
  const { interactions, state, status } = session;
  effect(() => {
    if (status.value.kind !== "live" || state.value.seq === undefined) return;
    const open = new Set(interactions.value.map(({ id }) => id));
    for (const [id, draft] of Object.entries(drafts.peek())) if (!open.has(id)) moveToNotes(notes, id, draft);
  });
}

function moveToNotes({ append }: DeskStore["notes"], id: string, { subject, fields }: Draft): void {
  const { [id]: _, ...others } = drafts.peek();
  drafts.value = others;
  append(id, [subject, ...filled(fields).map(([name, value]) => `${name}: ${value}`)]);
}

export interface LogProps {
  readonly one: InteractionView;
  /** Whether the call has ended, so that the interaction can be completed. */
  readonly over: boolean;
}

export function Log({ one, over }: LogProps) {
  const draft = drafts.value[one.id] ?? EMPTY;
  const change = (part: Partial<Draft>) => {
    drafts.value = { ...drafts.value, [one.id]: { ...draft, ...part } };
  };
  const { commands, notes: saver } = useDesk();
  const { send, isPending } = commands;
  const { notes } = saver.of(one);
  const logs = useCrmLink().crm.value.settings.log.enabled;
  // If a log entry is required and there are only notes, the notes become the log entry.
  const mustLog = hasText(draft) || (over && needsLog(one));
  const pending = isPending(one.id, "log") || isPending(one.id, "complete");

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (pending || (mustLog && !(await send(one.id, logOf(draft, hasText(draft) ? "" : notes))))) return;
    const { [one.id]: _, ...others } = drafts.value;
    drafts.value = others;
    if (mustLog && !hasText(draft)) saver.edit(one, { notes: "" });
    // A completed interaction contains only saved notes.
    if ((await saver.save(one.id)) && over) await send(one.id, { verb: "complete" });
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
        onInput={(notes) => saver.edit(one, { notes })}
        onLeave={() => void saver.save(one.id)}
        lines={2}
      />
      {logs && <CustomFields draft={draft} change={change} />}
      {over && <Disposition one={one} />}
      <SaveStatus one={one} />
      <Button
        type="submit"
        kind={over ? "main" : "plain"}
        icon="check"
        pending={pending}
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

function CustomFields({ draft, change }: PartProps) {
  return (
    <>
      {useCrmLink().crm.value.fields.map((field) => (
        <CustomFieldInput
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

/** A custom field of the CRM: a choice if it has values, or else a text field. */
function CustomFieldInput({ field, value, onChange }: CustomProps) {
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
  const { crm, label } = useCrmLink();
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
      onChoose={(disposition) => notes.edit(one, { disposition })}
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
