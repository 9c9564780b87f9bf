import type { Accepted, Result } from "@cordboard/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSaver, PAUSE_MS, SAVE_WITHIN_MS, type Typed } from "../src/saver.ts";

const notes = (text: string): Typed => ({ notes: text, disposition: "" });
const UNREACHABLE = { code: "unreachable", status: 0, title: "", detail: "no answer" } as const;

/** A server that answers when it is told to. */
function rig(kept?: Readonly<Record<string, Typed>>) {
  const asked: [string, Typed][] = [];
  const answers: ((result: Result<Accepted>) => void)[] = [];
  let unsaved: Readonly<Record<string, Typed>> = {};
  const saver = createSaver({
    save: (id, typed) => {
      asked.push([id, typed]);
      return new Promise((resolve) => answers.push(resolve));
    },
    now: () => Date.now(),
    keep: (all) => {
      unsaved = all;
    },
    ...(kept ? { kept } : {}),
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

describe("what is typed", () => {
  it("is saved once, a moment after the last key", async () => {
    const { saver, asked, accept } = rig();
    saver.type("A", notes("h"));
    await vi.advanceTimersByTimeAsync(PAUSE_MS - 1);
    saver.type("A", notes("he"));
    await vi.advanceTimersByTimeAsync(PAUSE_MS - 1);
    expect(asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toEqual([["A", notes("he")]]);
    expect(saver.standing("A")).toEqual({ kind: "saving" });
    await accept(7);
    expect(saver.standing("A")).toEqual({ kind: "saved", at: Date.now() });
  });

  it("is saved in time when nobody pauses", async () => {
    const { saver, asked } = rig();
    for (let ms = 0; ms < SAVE_WITHIN_MS; ms += 500) {
      saver.type("A", notes(`at ${ms}`));
      await vi.advanceTimersByTimeAsync(500);
    }
    expect(asked.length).toBe(1);
  });

  it("stays until the server's state has it, whatever comes meanwhile", async () => {
    const { saver, accept } = rig();
    saver.type("A", notes("first"));
    void saver.flush("A");
    saver.follow(100);
    saver.type("A", notes("first and more"));
    await accept(7);
    saver.follow(7);
    expect(saver.typed("A")).toEqual(notes("first and more"));
    expect(saver.unsaved()).toEqual(["A"]);
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    await accept(9);
    saver.follow(8);
    expect(saver.typed("A")).toEqual(notes("first and more"));
    saver.follow(9);
    expect(saver.typed("A")).toBeUndefined();
    expect(saver.standing("A")?.kind).toBe("saved");
  });

  it("goes out at once when it is asked for, behind what is on its way", async () => {
    const { saver, asked, accept } = rig();
    saver.type("A", notes("one"));
    void saver.flush("A");
    saver.type("A", notes("one two"));
    const done = saver.flush("A");
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.length).toBe(1);
    await accept(1);
    expect(asked.at(-1)).toEqual(["A", notes("one two")]);
    await accept(2);
    expect(await done).toBe(true);
  });

  it("says why it is not saved, is kept, and goes out with the next try", async () => {
    const { saver, accept, answer, unsaved } = rig();
    saver.type("A", notes("x"));
    const first = saver.flush("A");
    await answer({ ok: false, problem: UNREACHABLE });
    expect(await first).toBe(false);
    expect(saver.standing("A")).toEqual({ kind: "failed", why: UNREACHABLE });
    expect(unsaved()).toEqual({ A: notes("x") });
    const again = saver.flushAll();
    await accept(3);
    expect(await again).toBe(true);
    expect(unsaved()).toEqual({});
  });

  it("goes out when the page goes, although something is on its way", () => {
    const { saver, asked } = rig();
    saver.type("A", notes("one"));
    void saver.flush("A");
    saver.type("A", notes("one two"));
    saver.leave();
    expect(asked.at(-1)).toEqual(["A", notes("one two")]);
  });

  it("outlasts the page", async () => {
    const { saver, asked } = rig({ A: notes("from before") });
    expect(saver.typed("A")).toEqual(notes("from before"));
    void saver.flushAll();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual([["A", notes("from before")]]);
  });
});
