/** The keys, as `aria-keyshortcuts` writes them. */
export const KEYS = {
  answer: "a",
  reject: "x",
  hold: "h",
  mute: "m",
  // Neither browsers, systems nor screen readers have it, and nobody presses it while writing.
  release: "Alt+End",
  consult: "c",
  transfer: "t",
  alternate: "s",
  completeTransfer: "f",
  conference: "j",
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
