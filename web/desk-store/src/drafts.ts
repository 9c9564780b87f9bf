/** Unsent text in forms. It survives a change to another interaction and a reload of the page. */

import { createStoredValue } from "@cordboard/client";
import { record, text } from "@cordboard/guard";
import { effect, signal } from "@preact/signals";
import type { Notes } from "./notes.ts";
import type { Session } from "./session.ts";

/** Texts by field name. */
export type Draft = Readonly<Record<string, string>>;

export interface Drafts {
  of(interaction: string, form: string): Draft;
  edit(interaction: string, form: string, part: Draft): void;
  forget(interaction: string, form: string): void;
  /** Moves drafts of completed interactions into the notes of those interactions. */
  start(): () => void;
}

const KEY = "cordboard.drafts";

export function createDrafts(
  { state, status }: Session,
  notes: Pick<Notes, "append">,
  tabStorage?: () => Storage,
): Drafts {
  const stored = createStoredValue(KEY, record(record(text)), tabStorage);
  /** Drafts by interaction and form. */
  const drafts = signal<Readonly<Record<string, Draft>>>(stored.get() ?? {});

  function store(next: Readonly<Record<string, Draft>>): void {
    drafts.value = next;
    stored.set(next);
  }

  function moveCompleted(): void {
    if (status.value.kind !== "live" || state.value.seq === undefined) return;
    const { interactions } = state.value;
    const all = Object.entries(drafts.value);
    const open = all.filter(([key]) => interactionOf(key) in interactions);
    if (open.length === all.length) return;
    for (const one of all) {
      if (!open.includes(one)) notes.append(interactionOf(one[0]), Object.values(one[1]));
    }
    store(Object.fromEntries(open));
  }

  return {
    of: (interaction, form) => drafts.value[keyOf(interaction, form)] ?? {},
    edit(interaction, form, part) {
      const key = keyOf(interaction, form);
      store({ ...drafts.value, [key]: { ...drafts.value[key], ...part } });
    },
    forget(interaction, form) {
      const { [keyOf(interaction, form)]: _, ...others } = drafts.value;
      store(others);
    },
    start: () => effect(moveCompleted),
  };
}

function keyOf(interaction: string, form: string): string {
  return `${interaction} ${form}`;
}

function interactionOf(key: string): string {
  return key.split(" ")[0] ?? "";
}
