/**
 * Sign-in through a provider (OpenID Connect). This page begins, the person signs in at the provider, the provider sends the browser to
 * `/sign-in/`, and this page completes the sign-in with its ticket. The ticket never leaves this page, so nobody else can complete or replace it.
 *
 * ```text
 *  in this window:  page ── provider ── /sign-in/ ── page      the ticket waits in the tab's storage
 *  in a popup:      popup: provider ── /sign-in/ ── message ──► page
 * ```
 *
 * Frames use a popup, because providers do not let other sites embed them, and browsers block the storage of frames.
 */

import { object, parse, read, type TypeOf, text } from "@cordboard/guard";
import type { Http } from "./http.ts";
import type { Problem, Result } from "./problem.ts";
import type { POST } from "./shapes.ts";

/** What the provider sent to `/sign-in/`. */
const RETURNED = object({ state: text }, { code: text, iss: text, error: text });
export type Returned = TypeOf<typeof RETURNED>;

/** The message of `/sign-in/` to the page that opened the popup. */
const MESSAGE = object({ type: text, returned: RETURNED });
const TYPE = "cordboard-sign-in";

/** A sign-in of this window while the browser is at the provider, and when it is back. */
const LEFT = object({ ticket: text, state: text, page: text }, { phone: text, returned: RETURNED });
type Left = TypeOf<typeof LEFT>;

/** The key in the tab's storage. */
const KEY = "cordboard.sign-in";

const POPUP = "popup,width=480,height=700";

/** How often a page checks whether its popup is closed. Milliseconds. */
const CLOSED_MS = 500;

type SignedIn = TypeOf<(typeof POST)["/api/v1/sign-in/oidc/complete"]>;

/**
 * Why a sign-in through the provider failed: the browser blocked the popup, the popup was closed, the provider sends the browser to another origin
 * than that of this page, or the server refused.
 */
export type ProviderFailure = "blocked" | "closed" | { readonly elsewhere: string } | Problem;

export type ProviderResult =
  | { readonly ok: true; readonly value: SignedIn }
  | { readonly ok: false; readonly failure: ProviderFailure };

type Begun = TypeOf<(typeof POST)["/api/v1/sign-in/oidc"]>;

/** Begins a sign-in. It can be completed only at the origin to which the provider sends the browser. */
async function begin(
  http: Http,
): Promise<
  | { readonly ok: true; readonly begun: Begun; readonly state: string }
  | { readonly ok: false; readonly failure: ProviderFailure }
> {
  const result: Result<Begun> = await http.post("/api/v1/sign-in/oidc");
  if (!result.ok) return { ok: false, failure: result.problem };
  const query = new URL(result.value.url).searchParams;
  const { origin } = new URL(query.get("redirect_uri") ?? "", location.origin);
  if (origin !== location.origin) return { ok: false, failure: { elsewhere: origin } };
  return { ok: true, begun: result.value, state: query.get("state") ?? "" };
}

/** Leaves this page for the provider. It returns only if that failed. `phone` is given back by `resumeSignIn`. */
export async function leaveForProvider(
  http: Http,
  phone: string | undefined,
): Promise<ProviderFailure | undefined> {
  const started = await begin(http);
  if (!started.ok) return started.failure;
  const { begun, state } = started;
  const page = location.pathname + location.search;
  remember({ ticket: begun.ticket, state, page, ...(phone === undefined ? {} : { phone }) });
  location.assign(begun.url);
  // The page is unloaded soon. Until then, the sign-in is pending.
  return new Promise(() => {});
}

/** Completes a sign-in for which this window left its page; undefined if there is none. */
export async function resumeSignIn(
  http: Http,
): Promise<{ readonly result: ProviderResult; readonly phone: string | undefined } | undefined> {
  const left = remembered();
  if (!left?.returned) return undefined;
  remember(undefined);
  return { result: await complete(http, left.ticket, left.returned), phone: left.phone };
}

/** Signs in with a popup. Call it when the person presses a button, because browsers block other popups. */
export async function signInInPopup(http: Http): Promise<ProviderResult> {
  const popup = window.open("", "_blank", POPUP);
  if (!popup) return { ok: false, failure: "blocked" };
  const started = await begin(http);
  if (!started.ok) {
    popup.close();
    return started;
  }
  const { begun, state } = started;
  popup.location.replace(begun.url);
  const returned = await messageOf(popup, state);
  popup.close();
  return returned ? complete(http, begun.ticket, returned) : { ok: false, failure: "closed" };
}

/** Waits for the answer in a popup; undefined if the popup is closed without one. Other messages are ignored. */
function messageOf(popup: Window, state: string): Promise<Returned | undefined> {
  return new Promise((resolve) => {
    function end(returned: Returned | undefined): void {
      window.removeEventListener("message", receive);
      clearInterval(timer);
      resolve(returned);
    }
    function receive({ source, origin, data }: MessageEvent): void {
      if (source !== popup || origin !== location.origin) return;
      const found = read(MESSAGE, data);
      if (found.ok && found.value.type === TYPE && found.value.returned.state === state)
        end(found.value.returned);
    }
    const timer = setInterval(() => popup.closed && end(undefined), CLOSED_MS);
    window.addEventListener("message", receive);
  });
}

async function complete(http: Http, ticket: string, returned: Returned): Promise<ProviderResult> {
  const result: Result<SignedIn> = await http.post("/api/v1/sign-in/oidc/complete", { ticket, ...returned });
  return result.ok ? result : { ok: false, failure: result.problem };
}

/**
 * For `/sign-in/`: passes on what the provider sent, and removes it from the address. Returns whether a page of this window or of the opener
 * gets it. Without one, the sign-in was not started in this browser, or too long ago.
 */
export function returnFromProvider(): boolean {
  const returned = returnedFrom(location.search);
  history.replaceState(null, "", location.pathname);
  if (!returned) return false;
  const left = remembered();
  if (left?.state === returned.state) {
    remember({ ...left, returned });
    const { pathname, search } = new URL(left.page, location.origin);
    location.replace(location.origin + pathname + search);
    return true;
  }
  const opener: Window | null = window.opener;
  // The browser delivers it only if the opener is a page of this origin.
  opener?.postMessage({ type: TYPE, returned }, location.origin);
  return opener !== null;
}

/** Reads the address to which the provider sent the browser; undefined if it has no `state`. */
export function returnedFrom(search: string): Returned | undefined {
  const query = new URLSearchParams(search);
  const found = ["state", "code", "iss", "error"].flatMap((name) => {
    const value = query.get(name);
    return value === null ? [] : [[name, value]];
  });
  const returned = read(RETURNED, Object.fromEntries(found));
  return returned.ok ? returned.value : undefined;
}

function remembered(): Left | undefined {
  try {
    const found = parse(LEFT, sessionStorage.getItem(KEY) ?? "");
    return found.ok ? found.value : undefined;
  } catch {
    return undefined;
  }
}

function remember(left: Left | undefined): void {
  try {
    if (left) sessionStorage.setItem(KEY, JSON.stringify(left));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Storage is blocked: the sign-in cannot be completed, and `/sign-in/` says so.
  }
}
