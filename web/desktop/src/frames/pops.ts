/** A record whose contact is not known asks who it is: once, when it comes. */

import type { InteractionView, Pop } from "@cordboard/client";
import { effect } from "@preact/signals";
import { interactions } from "../store/desk.ts";
import { choose, open } from "../store/view.ts";

export function watch(): void {
  const seen = new Set<string>();
  let first = true;
  effect(() => {
    for (const one of interactions.value) {
      (one.pops ?? []).forEach((pop, index) => {
        const key = `${one.id} ${index}`;
        if (seen.has(key)) return;
        seen.add(key);
        if (!first) come(one, pop);
      });
    }
    first = interactions.value.length === 0 && first;
  });
}

function come(one: InteractionView, pop: Pop): void {
  choose(one.id);
  const asks = (pop.resolve ?? []).length + (pop.candidates ?? []).length > 0;
  if (asks && !one.contact && !open.peek()) open.value = { kind: "resolve", interaction: one.id };
}
