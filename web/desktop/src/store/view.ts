/** What the agent looks at: nothing that the server knows of. */

import type { InteractionView } from "@cordboard/client";
import { computed, effect, signal } from "@preact/signals";
import { interactions } from "./desk.ts";

/** A dialog that is open. */
export type Open =
  | { readonly kind: "dial"; readonly typed?: string }
  | { readonly kind: "consult" | "transfer"; readonly interaction: string }
  | { readonly kind: "digits" | "resolve"; readonly interaction: string }
  | { readonly kind: "settings" | "help" | "notices" | "leave" };

export const open = signal<Open | undefined>(undefined);

export function close(): void {
  open.value = undefined;
}

/** The part of the desktop that is shown: `work`, `history`, `directory`, or the id of a page of the floor's. */
export const place = signal("work");

const chosen = signal<string | undefined>(undefined);

/** The interaction that is shown: the chosen one while it is there, else the first that talks or rings, else the newest. */
export const shown = computed<InteractionView | undefined>(() => {
  const all = interactions.value;
  const live = all.find((one) => one.state === "started") ?? all.find((one) => one.state === "dialing");
  return all.find((one) => one.id === chosen.value) ?? live ?? all.at(-1);
});

export function choose(id: string): void {
  chosen.value = id;
  place.value = "work";
}

/** Looks at the next interaction, or the one before. */
export function step(by: 1 | -1): void {
  const all = interactions.value;
  const at = all.findIndex((one) => one.id === shown.value?.id);
  const next = all[(at + by + all.length) % all.length];
  if (next) choose(next.id);
}

/** Turns to a call that the agent has just taken up or begun. */
export function watch(): void {
  let before = new Set<string>();
  effect(() => {
    const taken = interactions.value.filter((one) => one.state === "started" || one.state === "dialing");
    const fresh = taken.find((one) => !before.has(one.id));
    before = new Set(taken.map((one) => one.id));
    if (fresh) choose(fresh.id);
  });
}
