/** The relay between pages in frames and the session in the hub that speaks their protocol. */

import { socketUrl } from "@cordboard/client";
import type { DeskStore } from "@cordboard/desk-store";
import { object, read, text } from "@cordboard/guard";
import { createRelay, type Relay } from "@cordboard/relay";
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { createContext } from "preact";

/** The protocol that pages of the floor speak. */
const NAME = "max";

/** The relay of the desktop in which a frame is drawn. */
export const PageRelay = createContext<ReadonlySignal<Relay | undefined>>(signal(undefined));

/** There is one while somebody is signed in and the floor has pages. */
export function createPageRelay({ session, view }: DeskStore): ReadonlySignal<Relay | undefined> {
  const relay = signal<Relay | undefined>(undefined);
  const token = computed(() =>
    (session.floor.value?.pages ?? []).length > 0 ? session.account.value?.token : undefined,
  );

  function open(token: string): Relay {
    const made = createRelay({
      url: socketUrl(`/api/v1/relay/${NAME}`),
      token: () => token,
      onTell: tell,
      onOpened: () => made.say({ type: "focus", interaction: view.shown.peek()?.id ?? null }),
    });
    return made;
  }

  effect(() => {
    relay.peek()?.close();
    relay.value = token.value === undefined ? undefined : open(token.value);
  });
  // What a page says about "the" contact is meant for the interaction that the agent looks at.
  effect(() => {
    const interaction = view.shown.value?.id ?? null;
    relay.value?.say({ type: "focus", interaction });
  });
  return relay;
}

const TOLD = object({ type: text, text });

/** What the session says to whoever writes the page: only a developer wants to know. */
function tell(message: unknown): void {
  const told = read(TOLD, message);
  if (told.ok && told.value.type === "warn") console.warn(told.value.text);
}
