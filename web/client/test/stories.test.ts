/**
 * Runs the server's stories: applies the events of each subscriber to its first snapshot, and compares with its last snapshot.
 *
 * `cargo run -p cordboard-stories --example dump -- target/transcripts` writes them.
 */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  EMPTY_STATE,
  type Floor,
  follows,
  type Message,
  reduce,
  type Snapshot,
  type State,
} from "../src/index.ts";

/** The messages to one subscriber. */
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
  const story: { title: string; transcripts: Transcript[] } = JSON.parse(
    readFileSync(join(folder, file), "utf8"),
  );
  describe(`${file}: ${story.title}`, () => {
    for (const transcript of story.transcripts) {
      const { viewer, first } = transcript;
      test(`${viewer.account}, from event ${first.seq}`, () => {
        expect(shown(replay(transcript))).toEqual(shown(begin(transcript.floor, transcript.last)));
      });
    }
  });
}

function begin(floor: Floor, snapshot: Snapshot): State {
  const withFloor = reduce(EMPTY_STATE, { type: "floor", floor });
  return reduce(withFloor, { type: "snapshot", journal: "j1", seq: snapshot.seq, resync: false, snapshot });
}

function replay({ floor, first, events }: Transcript): State {
  return events.reduce(
    (state, event) => {
      expect(follows(state, event)).toBe(true);
      return reduce(state, event);
    },
    begin(floor, first),
  );
}

/** The state without allowed verbs, which only the server can compute. */
function shown({ agents, interactions, switches }: State): unknown {
  return JSON.parse(JSON.stringify({ agents, interactions, switches }), (name, value) =>
    name === "can" || value === null || isEmpty(value) ? undefined : value,
  );
}

/** Removes empty and false values, which JSON may contain or leave out. */
function isEmpty(value: unknown): boolean {
  return value === false || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
}
