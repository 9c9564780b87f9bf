/** Messages that come up and go: what was refused, and what the server wants a person to read. */

import type { Problem } from "@cordboard/client";
import { signal } from "@preact/signals";
import { t } from "../texts/index.ts";

export interface Shown {
  readonly id: number;
  readonly level: "info" | "warning" | "error";
  readonly text: string;
}

/** How long a message stays. Milliseconds. */
const STAYS_MS = 8_000;

/** How many are shown at once; older ones give way. */
const SHOWN_MAX = 4;

export const messages = signal<readonly Shown[]>([]);

let last = 0;

/** Shows a message; one that is shown already is not shown twice. */
export function show(level: Shown["level"], text: string): void {
  if (messages.value.some((message) => message.text === text)) return;
  last += 1;
  const id = last;
  messages.value = [...messages.value, { id, level, text }].slice(-SHOWN_MAX);
  setTimeout(() => dismiss(id), STAYS_MS);
}

export function showProblem(problem: Problem): void {
  show("error", t().problem[problem.code] ?? problem.detail);
}

export function dismiss(id: number): void {
  messages.value = messages.value.filter((message) => message.id !== id);
}
