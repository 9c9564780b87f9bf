/** The relay between somebody else's connector in a frame of this page and the session in the hub. */

import { socketUrl } from "@cordboard/client";
import type { DeskStore } from "@cordboard/desk-store";
import { object, read, tagged, text } from "@cordboard/guard";
import { createRelay, type Relay } from "@cordboard/relay";
import { effect, type ReadonlySignal, signal } from "@preact/signals";

export interface Host {
  /** Where the connector is, once the session has said so. */
  readonly url: ReadonlySignal<URL | undefined>;
  /** Why the hub does not let this page in. */
  readonly refused: ReadonlySignal<string | undefined>;
  /** Carries messages of the connector's window; gives how to end it. */
  attach(frame: Window): () => void;
}

const NAME = "connector-desk";

const TOLD = tagged("type", { connector: object({ url: text }), warn: object({ text }) });

/** There is a relay while somebody is signed in. */
export function createHost({ session }: DeskStore): Host {
  const url = signal<URL | undefined>(undefined);
  const refused = signal<string | undefined>(undefined);
  let relay: Relay | undefined;

  function open(token: string): Relay {
    return createRelay({
      url: socketUrl(`/api/v1/relay/${NAME}`),
      token: () => token,
      onTell: tell,
      onRefused: (why) => {
        refused.value = why;
      },
    });
  }

  function tell(message: unknown): void {
    const told = read(TOLD, message);
    if (!told.ok) return console.warn(`what the session tells cannot be read: ${told.fault}`);
    if (told.value.type === "warn") return console.warn(told.value.text);
    const { url: address } = told.value;
    if (URL.canParse(address)) url.value = new URL(address);
    else console.warn(`the connector's address is no URL: ${address}`);
  }

  effect(() => {
    const token = session.account.value?.token;
    relay?.close();
    url.value = undefined;
    refused.value = undefined;
    relay = token === undefined ? undefined : open(token);
  });

  return {
    url,
    refused,
    attach(frame) {
      const current = relay;
      const number = current?.attach(frame, { place: "connector" });
      return () => number !== undefined && current?.detach(number);
    },
  };
}
