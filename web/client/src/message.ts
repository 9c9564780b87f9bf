/** What the server says over the socket of events. */

import { isObject, type Problem, problemFrom } from "./problem.ts";
import type { EventRecord, Floor, Snapshot, VerbName } from "./types.ts";

export type Message =
  /** The state right after event `seq`. */
  | {
      readonly type: "snapshot";
      readonly journal: string;
      readonly seq: number;
      readonly resync: boolean;
      /** Why events were left out before it. */
      readonly reason?: string;
      readonly snapshot: Snapshot;
    }
  /** What was missed after `seq` follows. */
  | { readonly type: "resumed"; readonly journal: string; readonly seq: number }
  /** Something happened. `prev` names the event that was delivered before. */
  | ({ readonly type: "event"; readonly prev: number } & EventRecord)
  /** What may be asked from here on. */
  | {
      readonly type: "can";
      readonly agent: string;
      readonly can: readonly VerbName[];
      readonly interactions: Readonly<Record<string, readonly VerbName[]>>;
    }
  /** The floor, as it was fetched. */
  | { readonly type: "floor"; readonly floor: Floor };

export type FromServer =
  | { readonly kind: "message"; readonly message: Message }
  | { readonly kind: "error"; readonly problem: Problem };

const TYPES: ReadonlySet<unknown> = new Set(["snapshot", "resumed", "event", "can"]);

/** Reads a message; `undefined` when it is none that is known, which a later server may well send. */
export function messageFrom(text: string): FromServer | undefined {
  const body: unknown = JSON.parse(text);
  if (!isObject(body)) return undefined;
  const { type, status } = body;
  if (type === "error")
    return { kind: "error", problem: problemFrom(body, typeof status === "number" ? status : 0) };
  return TYPES.has(type) ? { kind: "message", message: body as unknown as Message } : undefined;
}
