/**
 * The server's own stories: what subscribers were told in each, folded from the first snapshot to the last.
 *
 * `cargo run -p cordboard-stories --example dump -- target/transcripts` writes them.
 */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  type Floor,
  follows,
  type Message,
  NOTHING,
  reduce,
  type Snapshot,
  type State,
} from "../src/index.ts";

/** What one subscriber was told. */
interface Transcript {
  readonly viewer: { readonly account: string };
  readonly floor: Floor;
  readonly first: Snapshot;
  readonly events: readonly Extract<Message, { type: "event" }>[];
  readonly last: Snapshot;
}

const { TRANSCRIPTS: folder = new URL("../../../target/transcripts", import.meta.url).pathname } =
  process.env;

for (const file of readdirSync(folder)) {
  const tale: { title: string; transcripts: Transcript[] } = JSON.parse(
    readFileSync(join(folder, file), "utf8"),
  );
  describe(`${file}: ${tale.title}`, () => {
    for (const transcript of tale.transcripts) {
      const { viewer, first } = transcript;
      test(`${viewer.account}, from ${first.seq} on`, () => {
        expect(shown(told(transcript))).toEqual(shown(begin(transcript.floor, transcript.last)));
      });
    }
  });
}

function begin(floor: Floor, snapshot: Snapshot): State {
  const knows = reduce(NOTHING, { type: "floor", floor });
  return reduce(knows, { type: "snapshot", journal: "j1", seq: snapshot.seq, resync: false, snapshot });
}

function told({ floor, first, events }: Transcript): State {
  return events.reduce(
    (state, event) => {
      expect(follows(state, event)).toBe(true);
      return reduce(state, event);
    },
    begin(floor, first),
  );
}

/** What a snapshot shows, without what only the server can say: which verbs are legal. */
function shown({ agents, interactions, switches }: State): unknown {
  return JSON.parse(JSON.stringify({ agents, interactions, switches }), (name, value) =>
    name === "can" || value === null || isEmpty(value) ? undefined : value,
  );
}

/** What is empty or false may be left out of JSON as well as stand in it. */
function isEmpty(value: unknown): boolean {
  return value === false || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
}
