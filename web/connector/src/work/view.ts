/** Which part of the softphone is looked at. */

import type { DeskStore } from "@cordboard/desk-store";
import { effect, signal } from "@preact/signals";

export type Place = "calls" | "dial" | "book" | "history" | "messages";

export const place = signal<Place>("calls");

/** Turns to the calls when there is one more. */
export function watch({ session }: DeskStore): void {
  let before = 0;
  effect(() => {
    const { length } = session.interactions.value;
    if (length > before) place.value = "calls";
    before = length;
  });
}
