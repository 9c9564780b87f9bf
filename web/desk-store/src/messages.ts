/** Messages that come up and go: what was refused, and what the server wants a person to read. */

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
  /** Shows a message; one that is shown already is not shown twice. */
  show(level: Shown["level"], text: string): void;
  showProblem(problem: Problem): void;
  dismiss(id: number): void;
}

/** How long a message stays. Milliseconds. */
const STAYS_MS = 8_000;

/** How many are shown at once; older ones give way. */
const SHOWN_MAX = 4;

export function createMessages(): Messages {
  const list = signal<readonly Shown[]>([]);
  let last = 0;

  function show(level: Shown["level"], text: string): void {
    if (list.peek().some((message) => message.text === text)) return;
    last += 1;
    const id = last;
    list.value = [...list.peek(), { id, level, text }].slice(-SHOWN_MAX);
    setTimeout(() => dismiss(id), STAYS_MS);
  }

  function dismiss(id: number): void {
    list.value = list.peek().filter((message) => message.id !== id);
  }

  return { list, show, showProblem: (problem) => show("error", problemText(problem)), dismiss };
}

/** What is wrong, in words that a person reads. */
export function problemText(problem: Problem): string {
  return t().problem[problem.code] ?? problem.detail;
}
