/** The relay between somebody else's connector in a frame of this page and the session in the hub. */

import { isObject } from "@cordboard/client";
import { account } from "@cordboard/desktop/store/desk.ts";
import { createRelay, type Relay } from "@cordboard/relay";
import { computed, effect, signal } from "@preact/signals";

const NAME = "connector-desk";

/** Where the connector is, once the session has said so. */
export const url = signal<string | undefined>(undefined);
/** Why the hub does not let this page in. */
export const refused = signal<string | undefined>(undefined);

const token = computed(() => account.value?.token);

let relay: Relay | undefined;

/** There is a relay while somebody is signed in. */
export function begin(): void {
  effect(() => {
    relay?.close();
    url.value = undefined;
    refused.value = undefined;
    relay = token.value === undefined ? undefined : open(token.value);
  });
}

/** Carries messages of the connector's window; gives how to end it. */
export function host(frame: Window): () => void {
  const current = relay;
  const number = current?.attach(frame, { place: "connector" });
  return () => number !== undefined && current?.detach(number);
}

function open(token: string): Relay {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  return createRelay({
    url: `${scheme}://${location.host}/api/v1/relay/${NAME}`,
    token: () => token,
    onTell: tell,
    onRefused: (why) => {
      refused.value = why;
    },
  });
}

function tell(message: unknown): void {
  if (!isObject(message)) return;
  const { type, url: address, text } = message;
  if (type === "connector" && typeof address === "string") url.value = address;
  if (type === "warn") console.warn(text);
}
