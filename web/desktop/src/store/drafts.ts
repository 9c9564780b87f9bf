/** What was typed and not asked for yet: neither another interaction nor a refresh of the page takes it away. */

import { effect, signal } from "@preact/signals";
import { state, status } from "./desk.ts";

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

/** Forgets what was typed about interactions that are no more. */
export function watch(): void {
  effect(() => {
    if (status.value.kind !== "live" || state.value.seq === undefined) return;
    const { interactions } = state.value;
    const open = Object.entries(drafts.value).filter(([key]) => (key.split(" ")[0] ?? "") in interactions);
    if (open.length < Object.keys(drafts.value).length) keep(Object.fromEntries(open));
  });
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
