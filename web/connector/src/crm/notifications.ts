/** Notifications from the CRM: toasts, dialogs, and the inbox. */

import type { Notification } from "./session-messages.ts";

/** A notification that is shown or stored. */
export interface ShownNotification extends Notification {
  readonly id: number;
  /** Unix milliseconds. */
  readonly at: number;
}

export interface Notifications {
  /** Shown above the page for a few seconds. */
  readonly toasts: readonly ShownNotification[];
  /** Shown one after the other. */
  readonly dialogs: readonly ShownNotification[];
  /** Stored to be read later, the newest first. */
  readonly inbox: readonly ShownNotification[];
}

export const NONE: Notifications = { toasts: [], dialogs: [], inbox: [] };

/** How long a toast is shown. Milliseconds. */
export const TOAST_MS = 8_000;

/** How long a dialog without buttons is shown. The protocol has no message to close it. Milliseconds. */
export const FIXED_MS = 60_000;

/** The largest number of each kind. A new one replaces the oldest. */
const TOAST_MAX = 3;
const DIALOGS_MAX = 8;
const INBOX_MAX = 50;

export function add(notes: Notifications, note: ShownNotification): Notifications {
  const inbox = note.store ? [note, ...notes.inbox].slice(0, INBOX_MAX) : notes.inbox;
  if (isDialog(note))
    return { ...notes, inbox, dialogs: [...without(notes.dialogs, note), note].slice(-DIALOGS_MAX) };
  return { ...notes, inbox, toasts: [...without(notes.toasts, note), note].slice(-TOAST_MAX) };
}

export function remove(notes: Notifications, id: number): Notifications {
  const others = (list: readonly ShownNotification[]) => list.filter((note) => note.id !== id);
  return { ...notes, toasts: others(notes.toasts), dialogs: others(notes.dialogs) };
}

/** How long a notification is shown; undefined if the agent must close it. Milliseconds. */
export function durationOf(note: Notification): number | undefined {
  if (note.kind === "fixedDialog") return FIXED_MS;
  return isDialog(note) || note.persist ? undefined : TOAST_MS;
}

function isDialog({ kind }: Notification): boolean {
  return kind === "okDialog" || kind === "okCancelDialog" || kind === "fixedDialog";
}

/** Removes an earlier notification with the same dialog ID. */
function without(
  list: readonly ShownNotification[],
  { dialog_id }: ShownNotification,
): readonly ShownNotification[] {
  return dialog_id === null ? list : list.filter((other) => other.dialog_id !== dialog_id);
}
