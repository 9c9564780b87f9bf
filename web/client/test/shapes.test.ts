/** Checks that the messages in the server's stories match the generated shapes. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { read, type Shape } from "@cordboard/guard";
import { describe, expect, it } from "vitest";
import { Floor, Record, Snapshot } from "../src/shapes.ts";

interface Transcript {
  readonly floor: unknown;
  readonly first: unknown;
  readonly last: unknown;
  readonly events: readonly unknown[];
}

const { TRANSCRIPTS: folder = new URL("../../../target/transcripts", import.meta.url).pathname } =
  process.env;

describe("the shapes of the API", () => {
  it.each(readdirSync(folder))("match the messages in %s", (file) => {
    const tale: { transcripts: Transcript[] } = JSON.parse(readFileSync(join(folder, file), "utf8"));
    const fault = (shape: Shape<unknown>, value: unknown) => {
      const found = read(shape, value);
      return found.ok ? [] : [found.fault];
    };
    const faults = tale.transcripts.flatMap(({ floor, first, last, events }) => [
      ...fault(Floor, floor),
      ...[first, last].flatMap((snapshot) => fault(Snapshot, snapshot)),
      ...events.flatMap((event) => fault(Record, event)),
    ]);
    expect(faults).toEqual([]);
  });

  it("report the path of a fault", () => {
    const agent = { state: "asleep", id: "1001", name: "Ann", queues: [], since: 1, can: [] };
    const snapshot = { seq: 1, at: 1, agents: [agent], interactions: [], queues: [], switches: [] };
    expect(read(Snapshot, snapshot)).toEqual({
      ok: false,
      fault: 'agents[0].state: expected one of signed-out, not-ready, ready, busy, wrap-up, found "asleep"',
    });
    expect(read(Record, { seq: 1, at: 1, event: { type: "from a later server" } }).ok).toBe(true);
  });
});
