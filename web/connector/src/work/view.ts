/** The section of the softphone that is shown. */

import type { DeskStore } from "@cordboard/desk-store";
import { effect, signal } from "@preact/signals";

export type Place = "calls" | "dial" | "people" | "history" | "messages";

export const place = signal<Place>("calls");

/** Shows the calls when there is a new one. */
export function followCalls({ session }: DeskStore): void {
  let before = 0;
  effect(() => {
    const { length } = session.interactions.value;
    if (length > before) place.value = "calls";
    before = length;
  });
}
