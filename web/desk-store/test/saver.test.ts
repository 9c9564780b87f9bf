import type { Accepted, Result } from "@cordboard/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSaver, type NotesDraft, PAUSE_MS, SAVE_WITHIN_MS } from "../src/saver.ts";

const notes = (text: string): NotesDraft => ({ notes: text, disposition: "" });
const UNREACHABLE = { code: "unreachable", status: 0, title: "", detail: "no answer" } as const;

/** A saver with a server whose answers the test controls. */
function rig(stored?: Readonly<Record<string, NotesDraft>>) {
  const asked: [string, NotesDraft][] = [];
  const answers: ((result: Result<Accepted>) => void)[] = [];
  let unsaved: Readonly<Record<string, NotesDraft>> = {};
  const saver = createSaver({
    save: (id, typed) => {
      asked.push([id, typed]);
      return new Promise((resolve) => answers.push(resolve));
    },
    now: () => Date.now(),
    store: (all) => {
      unsaved = all;
    },
    ...(stored ? { stored } : {}),
  });
  const answer = async (result: Result<Accepted>) => {
    answers.shift()?.(result);
    await vi.advanceTimersByTimeAsync(0);
  };
  const accept = (seq: number) => answer({ ok: true, value: { seq } as Accepted });
  return { saver, asked, accept, answer, unsaved: () => unsaved };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("notes", () => {
  it("are saved once, a moment after the last key", async () => {
    const { saver, asked, accept } = rig();
    saver.edit("A", notes("h"));
    await vi.advanceTimersByTimeAsync(PAUSE_MS - 1);
    saver.edit("A", notes("he"));
    await vi.advanceTimersByTimeAsync(PAUSE_MS - 1);
    expect(asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toEqual([["A", notes("he")]]);
    expect(saver.saveState("A")).toEqual({ kind: "saving" });
    await accept(7);
    expect(saver.saveState("A")).toEqual({ kind: "saved", at: Date.now() });
  });

  it("are saved in time when the agent does not pause", async () => {
    const { saver, asked } = rig();
    for (let ms = 0; ms < SAVE_WITHIN_MS; ms += 500) {
      saver.edit("A", notes(`at ${ms}`));
      await vi.advanceTimersByTimeAsync(500);
    }
    expect(asked.length).toBe(1);
  });

  it("stay local until the server's state contains them", async () => {
    const { saver, accept } = rig();
    saver.edit("A", notes("first"));
    void saver.flush("A");
    saver.confirm(100);
    saver.edit("A", notes("first and more"));
    await accept(7);
    saver.confirm(7);
    expect(saver.draft("A")).toEqual(notes("first and more"));
    expect(saver.unsaved()).toEqual(["A"]);
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    await accept(9);
    saver.confirm(8);
    expect(saver.draft("A")).toEqual(notes("first and more"));
    saver.confirm(9);
    expect(saver.draft("A")).toBeUndefined();
    expect(saver.saveState("A")?.kind).toBe("saved");
  });

  it("are saved immediately on request, after the request in progress", async () => {
    const { saver, asked, accept } = rig();
    saver.edit("A", notes("one"));
    void saver.flush("A");
    saver.edit("A", notes("one two"));
    const done = saver.flush("A");
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.length).toBe(1);
    await accept(1);
    expect(asked.at(-1)).toEqual(["A", notes("one two")]);
    await accept(2);
    expect(await done).toBe(true);
  });

  it("keep the reason why they are not saved, and are sent with the next attempt", async () => {
    const { saver, accept, answer, unsaved } = rig();
    saver.edit("A", notes("x"));
    const first = saver.flush("A");
    await answer({ ok: false, problem: UNREACHABLE });
    expect(await first).toBe(false);
    expect(saver.saveState("A")).toEqual({ kind: "failed", why: UNREACHABLE });
    expect(unsaved()).toEqual({ A: notes("x") });
    const again = saver.flushAll();
    await accept(3);
    expect(await again).toBe(true);
    expect(unsaved()).toEqual({});
  });

  it("are sent when the page closes, although a request is in progress", () => {
    const { saver, asked } = rig();
    saver.edit("A", notes("one"));
    void saver.flush("A");
    saver.edit("A", notes("one two"));
    saver.saveOnExit();
    expect(asked.at(-1)).toEqual(["A", notes("one two")]);
  });

  it("survive a reload of the page", async () => {
    const { saver, asked } = rig({ A: notes("from before") });
    expect(saver.draft("A")).toEqual(notes("from before"));
    void saver.flushAll();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual([["A", notes("from before")]]);
  });
});
