/** Messages that the page shows for a few seconds: refused commands and notices. */

import type { Problem } from "@cordboard/client";
import { t } from "@cordboard/texts";
import { type ReadonlySignal, signal } from "@preact/signals";

export interface Shown {
  readonly id: number;
  readonly level: "info" | "warning" | "error";
  readonly text: string;
}

export interface Messages {
  readonly list: ReadonlySignal<readonly Shown[]>;
  /** Shows a message, unless the same text is shown already. */
  show(level: Shown["level"], text: string): void;
  showProblem(problem: Problem): void;
  dismiss(id: number): void;
}

/** How long a message is shown. Milliseconds. */
const SHOWN_MS = 8_000;

/** How many messages are shown at most. A new message replaces the oldest one. */
const SHOWN_MAX = 4;

export function createMessages(): Messages {
  const list = signal<readonly Shown[]>([]);
  let last = 0;

  function show(level: Shown["level"], text: string): void {
    if (list.peek().some((message) => message.text === text)) return;
    last += 1;
    const id = last;
    list.value = [...list.peek(), { id, level, text }].slice(-SHOWN_MAX);
    setTimeout(() => dismiss(id), SHOWN_MS);
  }

  function dismiss(id: number): void {
    list.value = list.peek().filter((message) => message.id !== id);
  }

  return { list, show, showProblem: (problem) => show("error", problemText(problem)), dismiss };
}

/** The text of a problem in the current language, or else the server’s own text. */
export function problemText(problem: Problem): string {
  return t().problem[problem.code] ?? problem.detail;
}
