/** What the page shows. This state is local: the server does not have it. */

import type { InteractionView } from "@cordboard/client";
import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Session } from "./session.ts";

/** The open dialog. */
export type OpenDialog =
  | { readonly kind: "dial"; readonly typed?: string }
  | { readonly kind: "consult" | "transfer"; readonly interaction: string }
  | { readonly kind: "digits" | "resolve"; readonly interaction: string }
  | { readonly kind: "settings" | "help" | "notices" | "sign-out" | "phone-and-queues" };

export interface View {
  /** The open dialog, if any. */
  readonly dialog: Signal<OpenDialog | undefined>;
  /** Closes the dialog. */
  close(): void;
  /** The selected tab: `work`, `history`, `directory`, `overview`, or `page:` and the ID of a configured page. */
  readonly place: Signal<string>;
  /** The interaction that is shown: the chosen one, else the first with a call, else the newest. */
  readonly shown: ReadonlySignal<InteractionView | undefined>;
  choose(id: string): void;
  /** Shows the next or the previous interaction. */
  step(by: 1 | -1): void;
  /** Whether the browser blocks the ringtone until the user clicks or types in the page. */
  readonly soundBlocked: Signal<boolean>;
  /** Shows each call that the agent answers or dials. Returns the function that stops this. */
  start(): () => void;
}

export function createView({ interactions }: Session): View {
  const dialog = signal<OpenDialog | undefined>(undefined);
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
    dialog,
    close() {
      dialog.value = undefined;
    },
    place,
    shown,
    choose,
    step,
    soundBlocked: signal(false),
    start,
  };
}
