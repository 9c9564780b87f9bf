/** Who is signed in at this page. */

import { createHttp, type Result } from "@cordboard/client";

/** A reload of the page loses nothing: the token stays with the tab. */
const KEY = "cordboard.max-desk.token";

const http = createHttp({ token });

export function token(): string | undefined {
  return sessionStorage.getItem(KEY) ?? undefined;
}

export async function signIn(account: string, password: string): Promise<Result<unknown>> {
  const result = await http.post<{ readonly token: string }>("/api/v1/sign-in", { account, password });
  if (result.ok) sessionStorage.setItem(KEY, result.value.token);
  return result;
}

/** The token is forgotten here even when the server cannot be reached. */
export async function signOut(): Promise<void> {
  await http.post("/api/v1/sign-out");
  forget();
}

export function forget(): void {
  sessionStorage.removeItem(KEY);
}
