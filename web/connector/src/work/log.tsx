/** What the agent writes down of a call, for the CRM. What was typed stays here until it is asked for. */

import { type InteractionView, needsLog, type Verb } from "@cordboard/client";
import { ask, isAsked } from "@cordboard/desktop/store/asking.ts";
import { floor } from "@cordboard/desktop/store/desk.ts";
import { t } from "@cordboard/desktop/texts/index.ts";
import { Button } from "@cordboard/desktop/ui/button.tsx";
import { Choice, Field } from "@cordboard/desktop/ui/field.tsx";
import { signal } from "@preact/signals";
import { crm } from "../crm/link.ts";
import type { CustomField } from "../crm/words.ts";
import { c } from "../texts/index.ts";
import { label } from "../texts/label.ts";

interface Draft {
  readonly subject: string;
  readonly text: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly disposition: string;
}

const EMPTY: Draft = { subject: "", text: "", fields: {}, disposition: "" };

/** By interaction: what was begun during the call is there when it is over. */
const drafts = signal<Readonly<Record<string, Draft>>>({});

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
  const logs = crm.value.settings.log.enabled;
  const asked = isAsked(one.id, "log") || isAsked(one.id, "complete");

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (asked || (hasText(draft) && !(await ask(one.id, logOf(draft))))) return;
    if (over) await ask(one.id, { verb: "complete", disposition: draft.disposition || null });
    const { [one.id]: _, ...others } = drafts.value;
    drafts.value = over ? others : { ...others, [one.id]: { ...EMPTY, disposition: draft.disposition } };
  }

  return (
    <form class="log" aria-label={over ? t().wrapUp.title : c().call.notes} onSubmit={submit}>
      <h3>{over ? t().wrapUp.title : c().call.notes}</h3>
      <Saved one={one} />
      {logs && <Texts draft={draft} change={change} />}
      {over && <Disposition draft={draft} change={change} />}
      <Button
        type="submit"
        kind={over ? "main" : "plain"}
        icon="check"
        asked={asked}
        disabled={over ? needsLog(one) && !hasText(draft) : !hasText(draft)}
      >
        {over ? (hasText(draft) ? c().call.finish : c().call.complete) : c().call.saveNotes}
      </Button>
    </form>
  );
}

function Saved({ one }: { readonly one: InteractionView }) {
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

function Texts({ draft, change }: PartProps) {
  const { log } = t();
  return (
    <>
      <Field label={log.subject} value={draft.subject} onInput={(subject) => change({ subject })} />
      <Field label={log.text} value={draft.text} onInput={(text) => change({ text })} lines={3} />
      {crm.value.fields.map((field) => (
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

function Disposition({ draft, change }: PartProps) {
  const dispositions = (floor.value?.dispositions ?? []).map(({ code, name }) => ({
    value: code,
    text: name,
  }));
  if (!crm.value.settings.reasons.disposition || dispositions.length === 0) return null;
  const { wrapUp } = t();
  return (
    <Choice
      label={label("dispositionCodes", wrapUp.disposition)}
      value={draft.disposition}
      options={[{ value: "", text: wrapUp.noDisposition }, ...dispositions]}
      onChoose={(disposition) => change({ disposition })}
    />
  );
}

function hasText({ subject, text, fields }: Draft): boolean {
  return [subject, text, ...Object.values(fields)].some((part) => part.trim() !== "");
}

function logOf({ subject, text, fields }: Draft): Verb {
  const filled = Object.entries(fields).filter(([, value]) => value.trim() !== "");
  return { verb: "log", subject, text, fields: Object.fromEntries(filled) };
}
