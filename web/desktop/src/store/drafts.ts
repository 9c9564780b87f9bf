/** What was typed into forms and not asked for yet: neither another interaction nor a refresh of the page takes it away. */

import { effect, signal } from "@preact/signals";
import { state, status } from "./desk.ts";
import { rescue } from "./notes.ts";

/** What was typed, by the field's name. */
export type Draft = Readonly<Record<string, string>>;

const KEY = "cordboard.drafts";

/** By the interaction, and the form. */
const drafts = signal<Readonly<Record<string, Draft>>>(read());

export function draft(interaction: string, form: string): Draft {
  return drafts.value[`${interaction} ${form}`] ?? {};
}

export function type(interaction: string, form: string, part: Draft): void {
  const key = `${interaction} ${form}`;
  keep({ ...drafts.value, [key]: { ...drafts.value[key], ...part } });
}

export function forget(interaction: string, form: string): void {
  const { [`${interaction} ${form}`]: _, ...others } = drafts.value;
  keep(others);
}

/** What was typed about interactions that are completed goes into the notes of their records. */
export function watch(): void {
  effect(() => {
    if (status.value.kind !== "live" || state.value.seq === undefined) return;
    const { interactions } = state.value;
    const all = Object.entries(drafts.value);
    const open = all.filter(([key]) => interactionOf(key) in interactions);
    if (open.length === all.length) return;
    for (const one of all) if (!open.includes(one)) rescue(interactionOf(one[0]), Object.values(one[1]));
    keep(Object.fromEntries(open));
  });
}

function interactionOf(key: string): string {
  return key.split(" ")[0] ?? "";
}

function keep(next: Readonly<Record<string, Draft>>): void {
  drafts.value = next;
  sessionStorage.setItem(KEY, JSON.stringify(next));
}

function read(): Readonly<Record<string, Draft>> {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
}
