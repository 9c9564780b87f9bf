/** Opens the dialog “Resolve contact” once for each screen pop whose contact is unknown, one dialog after the other. */

import type { InteractionView, Pop } from "@cordboard/client";
import type { DeskStore } from "@cordboard/desk-store";
import { effect } from "@preact/signals";

export function watchPops({ session, view }: Pick<DeskStore, "session" | "view">): void {
  const seen = new Set<string>();
  /** The interactions whose dialog waits until the open dialog is closed. */
  const waiting: string[] = [];
  let first = true;

  function onPop(one: InteractionView, pop: Pop): void {
    view.choose(one.id);
    const isUnresolved = (pop.resolve ?? []).length + (pop.candidates ?? []).length > 0;
    if (isUnresolved && !waiting.includes(one.id)) waiting.push(one.id);
    openNext();
  }

  function openNext(): void {
    while (waiting.length > 0 && !view.dialog.peek()) {
      const id = waiting.shift();
      const one = session.interactions.peek().find((one) => one.id === id);
      if (!one || one.contact) continue;
      view.choose(one.id);
      view.dialog.value = { kind: "resolve", interaction: one.id };
    }
  }

  effect(() => {
    for (const one of session.interactions.value) {
      (one.pops ?? []).forEach((pop, index) => {
        const key = `${one.id} ${index}`;
        if (seen.has(key)) return;
        seen.add(key);
        if (!first) onPop(one, pop);
      });
    }
    first = session.interactions.value.length === 0 && first;
  });
  effect(() => {
    if (!view.dialog.value) openNext();
  });
}
