/**
 * Keyboard shortcuts: which key triggers which action, and when. Typed text must never affect a call. Letters therefore work only in the
 * Work tab and outside of forms, and the shortcut for Hang up is not a letter.
 */

import { KEYS, type Shortcut } from "@cordboard/desk-ui";

/** The fields of a keyboard event that shortcuts use. */
export type KeyPress = Pick<
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

/** Where the focus is. */
export interface FocusContext {
  /** In a text field. */
  readonly field: boolean;
  /** In a form, including its buttons. */
  readonly form: boolean;
  /** In a menu or list, where letters and arrow keys move the selection. */
  readonly list: boolean;
  /** On a tab, where arrow keys change the tab. */
  readonly tabs: boolean;
  /** A dialog is open. */
  readonly dialog: boolean;
  /** The Work tab is shown. */
  readonly work: boolean;
}

/** The shortcut that a key triggers; undefined if it triggers none in this context. */
export function shortcutFor(press: KeyPress, context: FocusContext): Shortcut | undefined {
  const pressed = keyName(press);
  const shortcut = (Object.keys(KEYS) as Shortcut[]).find((name) => KEYS[name] === pressed);
  return shortcut && worksIn(shortcut, context) ? shortcut : undefined;
}

function worksIn(shortcut: Shortcut, { field, form, list, tabs, dialog, work }: FocusContext): boolean {
  if (field) return false;
  switch (shortcut) {
    // A customer is waiting: Answer works everywhere outside of text fields.
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

/** The key with its modifiers; undefined if it repeats, belongs to an input method, or has modifiers that no shortcut uses. */
function keyName(press: KeyPress): string | undefined {
  const { key, shiftKey, ctrlKey, altKey, metaKey } = press;
  if (press.repeat || isComposed(press) || ctrlKey || metaKey || press.getModifierState("AltGraph")) {
    return undefined;
  }
  if (altKey) return shiftKey ? undefined : `Alt+${key}`;
  // Symbols such as “?” need Shift on most keyboards. A letter with Shift is typed text.
  if (shiftKey && (key.length > 1 || isLetter(key))) return undefined;
  return key.length === 1 ? key.toLowerCase() : key;
}

/** Whether the key belongs to an input method. At the start and end of a composition, only `keyCode` shows this. */
function isComposed({ isComposing, key, keyCode }: KeyPress): boolean {
  return isComposing || key === "Process" || keyCode === 229;
}

function isLetter(key: string): boolean {
  return key.toLowerCase() !== key.toUpperCase();
}

/** How long after the last letter the agent counts as typing, even if the field has disappeared. Milliseconds. Our choice. */
export const TYPING_MS = 1500;

/**
 * Detects whether the agent is still typing. A field can disappear while the agent types in it, because its interaction is completed.
 * Typing ends when the agent leaves the field by key or pointer.
 */
export interface TypingDetector {
  /** Records a key press. Returns true if the key belongs to typed text. */
  press(press: KeyPress, field: boolean, at: number): boolean;
  stop(): void;
}

export function createTypingDetector(): TypingDetector {
  let last = Number.NEGATIVE_INFINITY;
  const stop = () => {
    last = Number.NEGATIVE_INFINITY;
  };
  return {
    press({ key }, field, at) {
      const isTyping = field || at - last < TYPING_MS;
      if (LEAVING_KEYS.has(key)) stop();
      else if (isTyping && (key.length === 1 || key === "Backspace" || key === "Process")) last = at;
      return isTyping;
    },
    stop,
  };
}

/** Keys that leave a field or submit its form. */
const LEAVING_KEYS: ReadonlySet<string> = new Set(["Tab", "Escape", "Enter"]);
