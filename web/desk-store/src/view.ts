/** What the agent looks at: nothing that the server knows of. */

import type { InteractionView } from "@cordboard/client";
import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Session } from "./session.ts";

/** A dialog that is open. */
export type Open =
  | { readonly kind: "dial"; readonly typed?: string }
  | { readonly kind: "consult" | "transfer"; readonly interaction: string }
  | { readonly kind: "digits" | "resolve"; readonly interaction: string }
  | { readonly kind: "settings" | "help" | "notices" | "leave" };

export interface View {
  readonly open: Signal<Open | undefined>;
  close(): void;
  /** The part of the desktop that is shown: `work`, `history`, `directory`, or the id of a page of the floor's. */
  readonly place: Signal<string>;
  /** The interaction that is shown: the chosen one while it is there, else the first that talks or rings, else the newest. */
  readonly shown: ReadonlySignal<InteractionView | undefined>;
  choose(id: string): void;
  /** Looks at the next interaction, or the one before. */
  step(by: 1 | -1): void;
  /** Whether the browser keeps the bell silent until somebody touches the page. */
  readonly silent: Signal<boolean>;
  /** Turns to a call that the agent has just taken up or begun. */
  start(): () => void;
}

export function createView({ interactions }: Session): View {
  const open = signal<Open | undefined>(undefined);
  const place = signal("work");
  const chosen = signal<string | undefined>(undefined);

  const shown = computed(() => {
    const all = interactions.value;
    const live = all.find((one) => one.state === "started") ?? all.find((one) => one.state === "dialing");
    return all.find((one) => one.id === chosen.value) ?? live ?? all.at(-1);
  });

  function choose(id: string): void {
    chosen.value = id;
    place.value = "work";
  }

  function step(by: 1 | -1): void {
    const all = interactions.value;
    const at = all.findIndex((one) => one.id === shown.value?.id);
    const next = all[(at + by + all.length) % all.length];
    if (next) choose(next.id);
  }

  function start(): () => void {
    let before = new Set<string>();
    return effect(() => {
      const taken = interactions.value.filter((one) => one.state === "started" || one.state === "dialing");
      const fresh = taken.find((one) => !before.has(one.id));
      before = new Set(taken.map((one) => one.id));
      if (fresh) choose(fresh.id);
    });
  }

  return {
    open,
    close() {
      open.value = undefined;
    },
    place,
    shown,
    choose,
    step,
    silent: signal(false),
    start,
  };
}
