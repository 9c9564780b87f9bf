/** How a "no" looks: the server's own (RFC 9457), or that the server could not be reached. */

import { isObject, read, type TypeOf } from "@cordboard/guard";
import { Code } from "./shapes.ts";

type CodeName = TypeOf<typeof Code>;

export interface Problem {
  /** From the API's closed list; `unreachable` when no answer came at all. */
  readonly code: CodeName | "unreachable";
  /** The HTTP status; 0 when no answer came. */
  readonly status: number;
  /** The code in a few words. */
  readonly title: string;
  /** What is wrong here, in a sentence. */
  readonly detail: string;
}

/** What became of a request. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem };

/** No answer came. */
export function unreachable(error: unknown): Problem {
  const detail = error instanceof Error ? error.message : "the server did not answer";
  return { code: "unreachable", status: 0, title: "The server cannot be reached", detail };
}

/** Reads a problem out of whatever an answer or a message holds. */
export function problemFrom(body: unknown, status: number): Problem {
  const fields = isObject(body) ? body : {};
  const text = (name: string, otherwise: string) => {
    const value = fields[name];
    return typeof value === "string" ? value : otherwise;
  };
  const code = read(Code, fields["code"]);
  return {
    code: code.ok ? code.value : "internal",
    status,
    title: text("title", "Unexpected answer"),
    detail: text("detail", `status ${status}`),
  };
}

/** An answer came that cannot be read. */
export function unreadable(fault: string, status: number): Problem {
  return { code: "internal", status, title: "Unexpected answer", detail: `unexpected answer: ${fault}` };
}
