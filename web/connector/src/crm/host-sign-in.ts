/**
 * A sign-in that the embedding page hands over (crm-connector.md §8.2):
 *
 * ```text
 *  connector ── requestSignIn ──► page      nobody is signed in
 *  connector ◄── signIn {token} ── page      a token of the API, from the page's own server
 * ```
 *
 * The server lets only pages of the floor embed this page, so only they can send a token.
 */

import { object, read, text } from "@cordboard/guard";

/** Browser features that tests replace. */
export interface HostSignInOptions {
  /** The origin of the embedding page. */
  readonly origin: string;
  readonly parent: Pick<Window, "postMessage">;
  readonly receiver: Pick<Window, "addEventListener">;
  readonly isSignedIn: () => boolean;
  readonly openToken: (token: string) => Promise<unknown>;
}

const SIGN_IN = object({ type: text, action: text, data: object({ token: text }) });

/** Accepts tokens of the embedding page. Returns the function that asks for one. */
export function acceptHostSignIn(options: HostSignInOptions): () => void {
  const { origin, parent, receiver, isSignedIn, openToken } = options;
  let opening = false;

  async function receive({ source, origin: from, data }: MessageEvent): Promise<void> {
    if (source !== parent || from !== origin || opening || isSignedIn()) return;
    const found = read(SIGN_IN, data);
    if (!found.ok || found.value.type !== "ClientAppMessage" || found.value.action !== "signIn") return;
    opening = true;
    await openToken(found.value.data.token);
    opening = false;
  }

  receiver.addEventListener("message", (event) => void receive(event));
  return () => {
    if (!isSignedIn()) parent.postMessage({ type: "CRMConnectMessage", action: "requestSignIn" }, origin);
  };
}
