/** Keyboard shortcuts, in the syntax of `aria-keyshortcuts`. */
export const KEYS = {
  answer: "a",
  reject: "x",
  hold: "h",
  mute: "m",
  // Not used by browsers, operating systems or screen readers, and not pressed while typing.
  hangUp: "Alt+End",
  consult: "c",
  transfer: "t",
  alternate: "s",
  completeTransfer: "f",
  merge: "j",
  cancelConsult: "b",
  dial: "d",
  digits: "g",
  ready: "r",
  notReady: "n",
  log: "l",
  wrapUp: "w",
  next: "ArrowDown",
  previous: "ArrowUp",
  help: "?",
} as const;

export type Shortcut = keyof typeof KEYS;
