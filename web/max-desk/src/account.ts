/** The account that is signed in at this page. */

import {
  createHttp,
  createStoredValue,
  leaveForProvider,
  type ProviderFailure,
  type ProviderResult,
  type Result,
  resumeSignIn,
  signInInPopup,
} from "@cordboard/client";
import { text } from "@cordboard/guard";

const stored = createStoredValue("cordboard.max-desk.token", text);

const http = createHttp({ token });

export function token(): string | undefined {
  return stored.get();
}

export async function signIn(account: string, password: string): Promise<Result<unknown>> {
  const result = await http.post("/api/v1/sign-in", { account, password });
  if (result.ok) stored.set(result.value.token);
  return result;
}

/** How people can sign in. If the server cannot be reached, the form shows it after the first attempt. */
export async function signInMethods(): Promise<{ passwords: boolean; provider?: string | null }> {
  const methods = await http.get("/api/v1/sign-in");
  return methods.ok ? methods.value : { passwords: true };
}

/** Signs in through the provider: with a popup in a frame, and otherwise in this window. Returns the failure. */
export async function signInWithProvider(): Promise<ProviderFailure | undefined> {
  return window.parent === window ? leaveForProvider(http, undefined) : opened(await signInInPopup(http));
}

/** Completes the sign-in for which this window left this page, if there is one. Returns the failure. */
export async function resumeProvider(): Promise<ProviderFailure | undefined> {
  const resumed = await resumeSignIn(http);
  return resumed && opened(resumed.result);
}

function opened(result: ProviderResult): ProviderFailure | undefined {
  if (!result.ok) return result.failure;
  stored.set(result.value.token);
  return undefined;
}

/** Signs out. The page removes the token even if the server cannot be reached. */
export async function signOut(): Promise<void> {
  await http.post("/api/v1/sign-out");
  removeToken();
}

export function removeToken(): void {
  stored.set(undefined);
}
