/** Problems: errors of the server (RFC 9457), and a server that cannot be reached. */

import { isObject, read, type TypeOf } from "@cordboard/guard";
import { Code } from "./shapes.ts";

type CodeName = TypeOf<typeof Code>;

export interface Problem {
  /** A code of the API, or `unreachable` if there was no response. */
  readonly code: CodeName | "unreachable";
  /** The HTTP status; 0 if there was no response. */
  readonly status: number;
  /** A short description of the code. */
  readonly title: string;
  /** What is wrong in this case, in one sentence. */
  readonly detail: string;
}

/** The result of a request. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem };

/** The problem for a request without a response. */
export function unreachable(error: unknown): Problem {
  const detail = error instanceof Error ? error.message : "the server did not answer";
  return { code: "unreachable", status: 0, title: "The server cannot be reached", detail };
}

/** Reads a problem from the body of a response or a message, with defaults for missing fields. */
export function problemFrom(body: unknown, status: number): Problem {
  const fields = isObject(body) ? body : {};
  const text = (name: string, fallback: string) => {
    const value = fields[name];
    return typeof value === "string" ? value : fallback;
  };
  const code = read(Code, fields["code"]);
  return {
    code: code.ok ? code.value : "internal",
    status,
    title: text("title", "Unexpected answer"),
    detail: text("detail", `status ${status}`),
  };
}

/** The problem for a response that cannot be read. */
export function unreadable(fault: string, status: number): Problem {
  return { code: "internal", status, title: "Unexpected answer", detail: `unexpected answer: ${fault}` };
}
