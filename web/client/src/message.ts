/** What the server says over the socket of events. */

import { both, flag, list, number, object, parse, record, type TypeOf, tagged, text } from "@cordboard/guard";
import { type Problem, problemFrom } from "./problem.ts";
import { Record, Snapshot, VerbName } from "./shapes.ts";
import type { Floor } from "./types.ts";

const TOLD = tagged(
  "type",
  {
    /** The state right after event `seq`; `reason` says why events were left out before it. */
    snapshot: object({ journal: text, seq: number, resync: flag, snapshot: Snapshot }, { reason: text }),
    /** What was missed after `seq` follows. */
    resumed: object({ journal: text, seq: number }),
    /** Something happened. `prev` names the event that was delivered before. */
    event: both(object({ prev: number }), Record),
    /** What may be asked from here on. */
    can: object({ agent: text, can: list(VerbName), interactions: record(list(VerbName)) }),
  },
  true,
);

const TYPES: ReadonlySet<unknown> = new Set<Told["type"]>(["snapshot", "resumed", "event", "can"]);

type Told = TypeOf<typeof TOLD>;

export type Message =
  | Told
  /** The floor, as it was fetched. */
  | { readonly type: "floor"; readonly floor: Floor };

export type FromServer =
  | { readonly kind: "message"; readonly message: Message }
  | { readonly kind: "error"; readonly problem: Problem }
  /** It cannot be read: where, and why. */
  | { readonly kind: "unreadable"; readonly fault: string };

/** Reads a message; `undefined` when it is none that is known, which a later server may well send. */
export function messageFrom(said: string): FromServer | undefined {
  const found = parse(TOLD, said);
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
