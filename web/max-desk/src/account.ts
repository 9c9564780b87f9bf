/** The account that is signed in at this page. */

import { createHttp, createStoredValue, type Result } from "@cordboard/client";
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

/** Signs out. The page removes the token even if the server cannot be reached. */
export async function signOut(): Promise<void> {
  await http.post("/api/v1/sign-out");
  removeToken();
}

export function removeToken(): void {
  stored.set(undefined);
}
