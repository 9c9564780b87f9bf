/**
 * Our page inside a real MAX: relays what MAX says to the session in the hub, and what the session says to MAX, and decides nothing.
 *
 * MAX is the window around this page, or the one that opened it. The session registers there, and makes of MAX's agent and calls a
 * switch of the hub's; here it is only said how that stands.
 */

import "./style.css";
import { socketUrl } from "@cordboard/client";
import { object, oneOf, read, tagged, text } from "@cordboard/guard";
import { createRelay, type Relay } from "@cordboard/relay";
import { forget, signIn, signOut, token } from "./account.ts";
import { language, texts } from "./texts.ts";

const max: Window | undefined = window.opener ?? (window.parent === window ? undefined : window.parent);

const status = element("state", HTMLElement);
const form = element("sign-in", HTMLFormElement);
const leave = element("leave", HTMLButtonElement);

let relay: Relay | undefined;

function element<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${id}`);
  return found;
}

/** Shows how things stand, and the form or the way out. */
function show(text: string, signedIn: boolean): void {
  status.textContent = text;
  form.hidden = signedIn;
  leave.hidden = !signedIn;
}

function connect(around: Window, shown: string): void {
  show(texts.connecting, true);
  relay = createRelay({
    url: socketUrl("/api/v1/relay/max-desk"),
    token: () => shown,
    onTell: told,
    onRefused: (why) => end(why),
  });
  relay.attach(around, { place: "around" });
}

const TOLD = tagged("type", {
  state: object({ state: oneOf("registering", "registered", "silent", "refused") }, { text }),
  warn: object({ text }),
});

/** What the session says of MAX. */
function told(message: unknown): void {
  const found = read(TOLD, message);
  if (!found.ok) return console.warn(`what the session tells cannot be read: ${found.fault}`);
  const said = found.value;
  if (said.type === "warn") return console.warn(said.text);
  show(said.state === "refused" ? texts.refused(said.text ?? "") : texts[said.state], true);
}

function end(why: string): void {
  relay?.close();
  relay = undefined;
  forget();
  show(why, false);
}

async function submit(event: SubmitEvent): Promise<void> {
  event.preventDefault();
  const fields = new FormData(form);
  const result = await signIn(String(fields.get("account")), String(fields.get("password")));
  if (result.ok) begin();
  else show(result.problem.detail, false);
}

function begin(): void {
  const shown = token();
  if (max === undefined) alone();
  else if (shown === undefined) show(texts.signedOut, false);
  else connect(max, shown);
}

function alone(): void {
  show(texts.alone, false);
  form.hidden = true;
}

function label(): void {
  document.documentElement.lang = language;
  element("agent", HTMLElement).textContent = texts.agent;
  element("password", HTMLElement).textContent = texts.password;
  element("submit", HTMLButtonElement).textContent = texts.signIn;
  leave.textContent = texts.signOut;
}

label();
form.addEventListener("submit", (event) => void submit(event));
leave.addEventListener("click", () => void signOut().finally(() => end(texts.signedOut)));
begin();
