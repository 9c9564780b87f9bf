/** What was typed into forms and not asked for yet: neither another interaction nor a refresh of the page takes it away. */

import { createKept } from "@cordboard/client";
import { record, text } from "@cordboard/guard";
import { effect, signal } from "@preact/signals";
import type { Notes } from "./notes.ts";
import type { Session } from "./session.ts";

/** What was typed, by the field's name. */
export type Draft = Readonly<Record<string, string>>;

export interface Drafts {
  of(interaction: string, form: string): Draft;
  type(interaction: string, form: string, part: Draft): void;
  forget(interaction: string, form: string): void;
  /** What was typed about interactions that are completed goes into the notes of their records. */
  start(): () => void;
}

const KEY = "cordboard.drafts";

export function createDrafts(
  { state, status }: Session,
  notes: Pick<Notes, "rescue">,
  tabStorage?: () => Storage,
): Drafts {
  const kept = createKept(KEY, record(record(text)), tabStorage);
  /** By the interaction, and the form. */
  const drafts = signal<Readonly<Record<string, Draft>>>(kept.get() ?? {});

  function keep(next: Readonly<Record<string, Draft>>): void {
    drafts.value = next;
    kept.set(next);
  }

  function rescueCompleted(): void {
    if (status.value.kind !== "live" || state.value.seq === undefined) return;
    const { interactions } = state.value;
    const all = Object.entries(drafts.value);
    const open = all.filter(([key]) => interactionOf(key) in interactions);
    if (open.length === all.length) return;
    for (const one of all) {
      if (!open.includes(one)) notes.rescue(interactionOf(one[0]), Object.values(one[1]));
    }
    keep(Object.fromEntries(open));
  }

  return {
    of: (interaction, form) => drafts.value[keyOf(interaction, form)] ?? {},
    type(interaction, form, part) {
      const key = keyOf(interaction, form);
      keep({ ...drafts.value, [key]: { ...drafts.value[key], ...part } });
    },
    forget(interaction, form) {
      const { [keyOf(interaction, form)]: _, ...others } = drafts.value;
      keep(others);
    },
    start: () => effect(rescueCompleted),
  };
}

function keyOf(interaction: string, form: string): string {
  return `${interaction} ${form}`;
}

function interactionOf(key: string): string {
  return key.split(" ")[0] ?? "";
}
