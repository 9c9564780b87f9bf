/** The relay between another vendor's connector in a frame and the session in the hub. */

import { socketUrl } from "@cordboard/client";
import type { DeskStore } from "@cordboard/desk-store";
import { object, read, tagged, text } from "@cordboard/guard";
import { createRelay, type Relay } from "@cordboard/relay";
import { effect, type ReadonlySignal, signal } from "@preact/signals";

export interface Host {
  /** The URL of the connector; undefined until the session sends it. */
  readonly url: ReadonlySignal<URL | undefined>;
  /** What the agent must know, such as why the sign-in failed. */
  readonly notice: ReadonlySignal<string | undefined>;
  /** Why the hub refused this page, if it did. */
  readonly refused: ReadonlySignal<string | undefined>;
  /** Starts to relay messages of the connector's window. Returns the function that stops this. */
  attach(frame: Window): () => void;
}

const NAME = "connector-desk";

const SESSION_MESSAGE = tagged("type", {
  connector: object({ url: text }),
  notice: object({ text }),
  warn: object({ text }),
});

/** Creates the host. The relay exists while an account is signed in. */
export function createHost({ session }: DeskStore): Host {
  const url = signal<URL | undefined>(undefined);
  const refused = signal<string | undefined>(undefined);
  const notice = signal<string | undefined>(undefined);
  let relay: Relay | undefined;

  function open(token: string): Relay {
    return createRelay({
      url: socketUrl(`/api/v1/relay/${NAME}`),
      token: () => token,
      onMessage: receive,
      onRefused: (why) => {
        refused.value = why;
      },
    });
  }

  function receive(message: unknown): void {
    const found = read(SESSION_MESSAGE, message);
    if (!found.ok) return console.warn(`cannot read a message of the session: ${found.fault}`);
    if (found.value.type === "warn") return console.warn(found.value.text);
    if (found.value.type === "notice") {
      notice.value = found.value.text;
      return;
    }
    const { url: address } = found.value;
    if (URL.canParse(address)) url.value = new URL(address);
    else console.warn(`the address of the connector is not a URL: ${address}`);
  }

  effect(() => {
    const token = session.account.value?.token;
    relay?.close();
    url.value = undefined;
    refused.value = undefined;
    notice.value = undefined;
    relay = token === undefined ? undefined : open(token);
  });

  return {
    url,
    notice,
    refused,
    attach(frame) {
      const current = relay;
      const number = current?.attach(frame, { place: "connector" });
      return () => number !== undefined && current?.detach(number);
    },
  };
}
