/** A record whose contact is not known asks who it is: once, when it comes. */

import type { InteractionView, Pop } from "@cordboard/client";
import type { DeskStore } from "@cordboard/desk-store";
import { effect } from "@preact/signals";

export function watchPops({ session, view }: DeskStore): void {
  const seen = new Set<string>();
  let first = true;
  effect(() => {
    for (const one of session.interactions.value) {
      (one.pops ?? []).forEach((pop, index) => {
        const key = `${one.id} ${index}`;
        if (seen.has(key)) return;
        seen.add(key);
        if (!first) come(view, one, pop);
      });
    }
    first = session.interactions.value.length === 0 && first;
  });
}

function come({ choose, open }: DeskStore["view"], one: InteractionView, pop: Pop): void {
  choose(one.id);
  const asks = (pop.resolve ?? []).length + (pop.candidates ?? []).length > 0;
  if (asks && !one.contact && !open.peek()) open.value = { kind: "resolve", interaction: one.id };
}
