/** Who is signed in at this page. */

import { createHttp, createKept, type Result } from "@cordboard/client";
import { text } from "@cordboard/guard";

const kept = createKept("cordboard.max-desk.token", text);

const http = createHttp({ token });

export function token(): string | undefined {
  return kept.get();
}

export async function signIn(account: string, password: string): Promise<Result<unknown>> {
  const result = await http.post("/api/v1/sign-in", { account, password });
  if (result.ok) kept.set(result.value.token);
  return result;
}

/** The token is forgotten here even when the server cannot be reached. */
export async function signOut(): Promise<void> {
  await http.post("/api/v1/sign-out");
  forget();
}

export function forget(): void {
  kept.set(undefined);
}
