/** The relay between pages in frames and the session in the hub that speaks their protocol. */

import { isObject } from "@cordboard/client";
import { createRelay, type Relay } from "@cordboard/relay";
import { computed, effect, signal } from "@preact/signals";
import { account, floor } from "../store/desk.ts";
import { shown } from "../store/view.ts";

/** The protocol that pages of the floor speak. */
const NAME = "max";

/** There is one while somebody is signed in and the floor has pages. */
export const relay = signal<Relay | undefined>(undefined);

const token = computed(() => ((floor.value?.pages ?? []).length > 0 ? account.value?.token : undefined));

export function begin(): void {
  effect(() => {
    relay.peek()?.close();
    relay.value = token.value === undefined ? undefined : open(token.value);
  });
  // What a page says about "the" contact is meant for the interaction that the agent looks at.
  effect(() => {
    const interaction = shown.value?.id ?? null;
    relay.value?.say({ type: "focus", interaction });
  });
}

function open(token: string): Relay {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const made = createRelay({
    url: `${scheme}://${location.host}/api/v1/relay/${NAME}`,
    token: () => token,
    onTell: tell,
    onOpened: () => made.say({ type: "focus", interaction: shown.peek()?.id ?? null }),
  });
  return made;
}

/** What the session says to whoever writes the page: only a developer wants to know. */
function tell(message: unknown): void {
  if (isObject(message) && message["type"] === "warn") console.warn(message["text"]);
}
