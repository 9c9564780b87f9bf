/** Messages of the event stream. */

import { both, flag, list, number, object, parse, record, type TypeOf, tagged, text } from "@cordboard/guard";
import { type Problem, problemFrom } from "./problem.ts";
import { Record, Snapshot, VerbName } from "./shapes.ts";
import type { Floor } from "./types.ts";

const SERVER_MESSAGE = tagged(
  "type",
  {
    /** The state right after event `seq`. `reason` is why the server sent no events instead. */
    snapshot: object({ journal: text, seq: number, resync: flag, snapshot: Snapshot }, { reason: text }),
    /** The missed events after `seq` follow. */
    resumed: object({ journal: text, seq: number }),
    /** An event. `prev` is the sequence number of the event that was delivered before it. */
    event: both(object({ prev: number }), Record),
    /** The verbs that are allowed from now on. */
    can: object({ agent: text, can: list(VerbName), interactions: record(list(VerbName)) }),
  },
  true,
);

const TYPES: ReadonlySet<unknown> = new Set<ServerMessage["type"]>(["snapshot", "resumed", "event", "can"]);

type ServerMessage = TypeOf<typeof SERVER_MESSAGE>;

export type Message =
  | ServerMessage
  /** The floor, as the page fetched it. */
  | { readonly type: "floor"; readonly floor: Floor };

export type FromServer =
  | { readonly kind: "message"; readonly message: Message }
  | { readonly kind: "error"; readonly problem: Problem }
  /** The message cannot be read. `fault` says where and why. */
  | { readonly kind: "unreadable"; readonly fault: string };

/** Reads a message; undefined for an unknown type, which a later version of the server may send. */
export function messageFrom(received: string): FromServer | undefined {
  const found = parse(SERVER_MESSAGE, received);
  if (!found.ok) return { kind: "unreadable", fault: found.fault };
  const message: { readonly type: string; readonly status?: unknown } = found.value;
  if (message.type === "error") {
    return {
      kind: "error",
      problem: problemFrom(message, typeof message.status === "number" ? message.status : 0),
    };
  }
  return TYPES.has(message.type) ? { kind: "message", message: found.value } : undefined;
}
