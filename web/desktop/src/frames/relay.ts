/** The relay between pages in frames and their session in the hub. */

import { socketUrl } from "@cordboard/client";
import type { DeskStore } from "@cordboard/desk-store";
import { object, read, text } from "@cordboard/guard";
import { createRelay, type Relay } from "@cordboard/relay";
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { createContext } from "preact";

/** The dialect of configured pages. */
const NAME = "max";

/** The relay of the surrounding desktop. */
export const PageRelay = createContext<ReadonlySignal<Relay | undefined>>(signal(undefined));

/** The relay exists while an account is signed in and the floor has pages. */
export function createPageRelay({ session, view }: DeskStore): ReadonlySignal<Relay | undefined> {
  const relay = signal<Relay | undefined>(undefined);
  const token = computed(() =>
    (session.floor.value?.pages ?? []).length > 0 ? session.account.value?.token : undefined,
  );

  function open(token: string): Relay {
    const made = createRelay({
      url: socketUrl(`/api/v1/relay/${NAME}`),
      token: () => token,
      onMessage: receive,
      onOpened: () => made.send({ type: "focus", interaction: view.shown.peek()?.id ?? null }),
    });
    return made;
  }

  effect(() => {
    relay.peek()?.close();
    relay.value = token.value === undefined ? undefined : open(token.value);
  });
  // Commands of a page without a contact apply to the interaction that is shown.
  effect(() => {
    const interaction = view.shown.value?.id ?? null;
    relay.value?.send({ type: "focus", interaction });
  });
  return relay;
}

const MESSAGE = object({ type: text, text });

/** Writes warnings of the session to the console, for developers of pages. */
function receive(message: unknown): void {
  const found = read(MESSAGE, message);
  if (found.ok && found.value.type === "warn") console.warn(found.value.text);
}
