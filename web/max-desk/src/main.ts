/**
 * The page inside a real MAX. It relays messages between MAX and the session in the hub, and shows the status.
 *
 * MAX is the window that embeds this page, or the window that opened it. The session registers there and presents the agent and the
 * calls in MAX to the hub as a switch. This page makes no decisions.
 */

import "./style.css";
import { type ProviderFailure, socketUrl } from "@cordboard/client";
import { object, oneOf, read, tagged, text } from "@cordboard/guard";
import { createRelay, type Relay } from "@cordboard/relay";
import {
  removeToken,
  resumeProvider,
  signIn,
  signInMethods,
  signInWithProvider,
  signOut,
  token,
} from "./account.ts";
import { language, texts } from "./texts.ts";

const max: Window | undefined = window.opener ?? (window.parent === window ? undefined : window.parent);

const status = element("state", HTMLElement);
const form = element("sign-in", HTMLFormElement);
const providerButton = element("provider", HTMLButtonElement);
const signOutButton = element("leave", HTMLButtonElement);

const methods = await signInMethods();

let relay: Relay | undefined;

function element<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${id}`);
  return found;
}

/** Shows the status, and the ways to sign in or the sign-out button. */
function show(text: string, signedIn: boolean): void {
  status.textContent = text;
  form.hidden = signedIn || !methods.passwords;
  providerButton.hidden = signedIn || methods.provider == null;
  signOutButton.hidden = !signedIn;
}

function connect(maxWindow: Window, current: string): void {
  show(texts.connecting, true);
  relay = createRelay({
    url: socketUrl("/api/v1/relay/max-desk"),
    token: () => current,
    onMessage: receive,
    onRefused: (why) => end(why),
  });
  relay.attach(maxWindow, { place: "around" });
}

const SESSION_MESSAGE = tagged("type", {
  state: object({ state: oneOf("registering", "registered", "silent", "refused") }, { text }),
  warn: object({ text }),
});

/** Shows the state that the session reports. */
function receive(message: unknown): void {
  const found = read(SESSION_MESSAGE, message);
  if (!found.ok) return console.warn(`cannot read a message of the session: ${found.fault}`);
  const received = found.value;
  if (received.type === "warn") return console.warn(received.text);
  show(received.state === "refused" ? texts.refused(received.text ?? "") : texts[received.state], true);
}

function end(why: string): void {
  relay?.close();
  relay = undefined;
  removeToken();
  show(why, false);
}

async function submit(event: SubmitEvent): Promise<void> {
  event.preventDefault();
  const fields = new FormData(form);
  const result = await signIn(String(fields.get("account")), String(fields.get("password")));
  if (result.ok) begin();
  else show(result.problem.detail, false);
}

/** Shows the result of a sign-in through the provider. */
function conclude(failure: ProviderFailure | undefined): void {
  if (failure === undefined) return begin();
  show(failureText(failure), false);
}

function failureText(failure: ProviderFailure): string {
  if (typeof failure === "string") return texts[failure];
  return "elsewhere" in failure ? texts.elsewhere(failure.elsewhere) : failure.detail;
}

function begin(): void {
  const current = token();
  if (max === undefined) showOutsideMax();
  else if (current === undefined) show(texts.signedOut, false);
  else connect(max, current);
}

function showOutsideMax(): void {
  show(texts.outsideMax, false);
  form.hidden = true;
  providerButton.hidden = true;
}

function applyTexts(): void {
  document.documentElement.lang = language;
  element("account-label", HTMLElement).textContent = texts.account;
  element("password-label", HTMLElement).textContent = texts.password;
  element("submit", HTMLButtonElement).textContent = texts.signIn;
  providerButton.textContent = texts.signInWith(methods.provider ?? "");
  signOutButton.textContent = texts.signOut;
}

applyTexts();
form.addEventListener("submit", (event) => void submit(event));
providerButton.addEventListener("click", () => void signInWithProvider().then(conclude));
signOutButton.addEventListener("click", () => void signOut().finally(() => end(texts.signedOut)));
conclude(await resumeProvider());
