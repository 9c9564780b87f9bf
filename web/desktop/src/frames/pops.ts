/** Opens the dialog “Resolve contact” once for each screen pop whose contact is unknown. */

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
        if (!first) onPop(view, one, pop);
      });
    }
    first = session.interactions.value.length === 0 && first;
  });
}

function onPop({ choose, dialog }: DeskStore["view"], one: InteractionView, pop: Pop): void {
  choose(one.id);
  const isUnresolved = (pop.resolve ?? []).length + (pop.candidates ?? []).length > 0;
  if (isUnresolved && !one.contact && !dialog.peek()) dialog.value = { kind: "resolve", interaction: one.id };
}
