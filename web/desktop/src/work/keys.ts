/**
 * Which key does what, and when. A letter must never reach a call when somebody means to write it: letters act in the work area
 * only, outside of forms, and hanging up takes keys that no text is made of.
 */

import { KEYS, type Shortcut } from "@cordboard/desk-ui";

/** A key that was pressed. */
export type Press = Pick<
  KeyboardEvent,
  | "key"
  | "keyCode"
  | "shiftKey"
  | "ctrlKey"
  | "altKey"
  | "metaKey"
  | "repeat"
  | "isComposing"
  | "getModifierState"
>;

/** Where the focus was. */
export interface Place {
  /** In something that text goes into. */
  readonly field: boolean;
  /** In a form, if only on its button. */
  readonly form: boolean;
  /** In a menu or a list, which letters and arrows move in. */
  readonly list: boolean;
  /** On a tab, which arrows move from. */
  readonly tabs: boolean;
  /** A dialog is open. */
  readonly dialog: boolean;
  /** The work area is shown. */
  readonly work: boolean;
}

/** What a key asks for; undefined when it asks for nothing there. */
export function shortcutFor(press: Press, place: Place): Shortcut | undefined {
  const written = writtenAs(press);
  const shortcut = (Object.keys(KEYS) as Shortcut[]).find((name) => KEYS[name] === written);
  return shortcut && actsIn(shortcut, place) ? shortcut : undefined;
}

function actsIn(shortcut: Shortcut, { field, form, list, tabs, dialog, work }: Place): boolean {
  if (field) return false;
  switch (shortcut) {
    // The customer waits: wherever the agent is, unless they write.
    case "answer":
      return true;
    case "help":
      return !dialog && !form && !list;
    case "next":
    case "previous":
      return work && !dialog && !form && !list && !tabs;
    default:
      return work && !dialog && !form && !list;
  }
}

/** The key with its modifiers; undefined when it was held, belongs to an input method, or has modifiers that no shortcut has. */
function writtenAs(press: Press): string | undefined {
  const { key, shiftKey, ctrlKey, altKey, metaKey } = press;
  if (press.repeat || isComposed(press) || ctrlKey || metaKey || press.getModifierState("AltGraph")) {
    return undefined;
  }
  if (altKey) return shiftKey ? undefined : `Alt+${key}`;
  // What stands above a digit needs Shift on most keyboards; a letter with it is a capital, and written.
  if (shiftKey && (key.length > 1 || isLetter(key))) return undefined;
  return key.length === 1 ? key.toLowerCase() : key;
}

/** Whether an input method takes the key. Where a composition begins or ends, the code alone says so. */
function isComposed({ isComposing, key, keyCode }: Press): boolean {
  return isComposing || key === "Process" || keyCode === 229;
}

function isLetter(key: string): boolean {
  return key.toLowerCase() !== key.toUpperCase();
}

/** How long after the last letter somebody is taken to write on, although the field went away. Milliseconds. Ours. */
export const WRITES_ON_MS = 1500;

/**
 * Whether somebody is still writing: the field that they write in may go away under their hands, when its call is completed. Whoever
 * leaves the field, by a key or the pointer, has stopped.
 */
export interface Writing {
  /** Takes note of a key; says whether it belongs to what is being written. */
  press(press: Press, field: boolean, at: number): boolean;
  stop(): void;
}

export function createWriting(): Writing {
  let last = Number.NEGATIVE_INFINITY;
  const stop = () => {
    last = Number.NEGATIVE_INFINITY;
  };
  return {
    press({ key }, field, at) {
      const goesOn = field || at - last < WRITES_ON_MS;
      if (LEAVES.has(key)) stop();
      else if (goesOn && (key.length === 1 || key === "Backspace" || key === "Process")) last = at;
      return goesOn;
    },
    stop,
  };
}

/** Keys that leave a field, or send its form. */
const LEAVES: ReadonlySet<string> = new Set(["Tab", "Escape", "Enter"]);
