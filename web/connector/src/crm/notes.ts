/** What the CRM has said to the agent: some of it goes by itself, some stays, some is kept. */

import type { Notification } from "./words.ts";

export interface Note extends Notification {
  readonly id: number;
  /** Unix milliseconds. */
  readonly at: number;
}

export interface Notes {
  /** Shown over the page; they go. */
  readonly passing: readonly Note[];
  /** One after the other. */
  readonly dialogs: readonly Note[];
  /** To be read later, the newest first. */
  readonly kept: readonly Note[];
}

export const NONE: Notes = { passing: [], dialogs: [], kept: [] };

/** How long a note stays that goes by itself. Milliseconds. */
export const PASSING_MS = 8_000;

/** How long a dialog without buttons stays: no message is known that closes it. Milliseconds. */
export const FIXED_MS = 60_000;

/** How many of a kind there are at most; older ones give way. */
const PASSING_MAX = 3;
const DIALOGS_MAX = 8;
const KEPT_MAX = 50;

export function add(notes: Notes, note: Note): Notes {
  const kept = note.store ? [note, ...notes.kept].slice(0, KEPT_MAX) : notes.kept;
  if (isDialog(note))
    return { ...notes, kept, dialogs: [...without(notes.dialogs, note), note].slice(-DIALOGS_MAX) };
  return { ...notes, kept, passing: [...without(notes.passing, note), note].slice(-PASSING_MAX) };
}

export function remove(notes: Notes, id: number): Notes {
  const others = (list: readonly Note[]) => list.filter((note) => note.id !== id);
  return { ...notes, passing: others(notes.passing), dialogs: others(notes.dialogs) };
}

/** When it goes by itself; undefined: when somebody has read it. Milliseconds. */
export function goesAfter(note: Notification): number | undefined {
  if (note.kind === "fixedDialog") return FIXED_MS;
  return isDialog(note) || note.persist ? undefined : PASSING_MS;
}

function isDialog({ kind }: Notification): boolean {
  return kind === "okDialog" || kind === "okCancelDialog" || kind === "fixedDialog";
}

/** One of the same id takes the place of the one before. */
function without(list: readonly Note[], { dialog_id }: Note): readonly Note[] {
  return dialog_id === null ? list : list.filter((other) => other.dialog_id !== dialog_id);
}
