/**
 * Saves what is typed about interactions: a moment after the last key, at the latest some seconds after the first one, and at once when
 * somebody asks for it. What is typed is shown until the server's own state has it, so its echo never overwrites what is written meanwhile.
 */

import type { Accepted, Problem, Result } from "@cordboard/client";
import { type Signal, signal } from "@preact/signals";

/** The notes and the disposition of an interaction; empty where there is none. */
export interface Typed {
  readonly notes: string;
  readonly disposition: string;
}

export type Standing =
  /** The server has it, since a time of its clock where that is known. */
  | { readonly kind: "saved"; readonly at?: number }
  | { readonly kind: "saving" }
  | { readonly kind: "failed"; readonly why: Problem };

interface Entry {
  readonly typed: Typed;
  /** When the first key was pressed that is not saved. */
  readonly since: number;
  readonly standing: Standing;
  /** The journal's last event when the server had taken all of it. */
  readonly seq?: number;
}

export interface SaverOptions {
  readonly save: (interaction: string, typed: Typed) => Promise<Result<Accepted>>;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Keeps what is not saved, for a page that is loaded again. */
  readonly keep?: (unsaved: Readonly<Record<string, Typed>>) => void;
  /** What an earlier page kept. */
  readonly kept?: Readonly<Record<string, Typed>>;
}

export interface Saver {
  /** What is typed and not in the server's state; undefined where nothing is. */
  typed(interaction: string): Typed | undefined;
  standing(interaction: string): Standing | undefined;
  type(interaction: string, typed: Typed): void;
  /** Saves at once; says whether all of it is saved. */
  flush(interaction: string): Promise<boolean>;
  /** Saves all at once. */
  flushAll(): Promise<boolean>;
  /** Asks for all at once, without waiting for what is on its way: the page goes. */
  leave(): void;
  /** The server's state has come this far. Forgets what it has. */
  follow(seq: number): void;
  /** Everything that is not saved. */
  unsaved(): readonly string[];
  forget(interaction: string): void;
}

/** How long after the last key. Milliseconds. */
export const PAUSE_MS = 1_000;

/** How long after the first key that is not saved. Milliseconds. */
export const SAVE_WITHIN_MS = 5_000;

export function createSaver({ save, now, keep = () => {}, kept = {} }: SaverOptions): Saver {
  const entries: Signal<Readonly<Record<string, Entry>>> = signal(
    Object.fromEntries(
      Object.entries(kept).map(([id, typed]) => [id, { typed, since: now(), standing: { kind: "saving" } }]),
    ),
  );
  /** When the server took what was typed last. */
  const saved: Signal<Readonly<Record<string, number>>> = signal({});
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const running = new Map<string, Promise<void>>();

  function put(id: string, entry: Entry | undefined): void {
    const { [id]: _, ...others } = entries.peek();
    entries.value = entry ? { ...others, [id]: entry } : others;
    keep(Object.fromEntries(unsaved().map((one) => [one, entries.peek()[one]?.typed as Typed])));
  }

  function unsaved(): readonly string[] {
    return Object.entries(entries.peek())
      .filter(([, { seq }]) => seq === undefined)
      .map(([id]) => id);
  }

  function type(id: string, typed: Typed): void {
    const before = entries.peek()[id];
    const since = before && before.seq === undefined ? before.since : now();
    put(id, { typed, since, standing: { kind: "saving" } });
    clearTimeout(timers.get(id));
    const pause = Math.max(0, Math.min(PAUSE_MS, since + SAVE_WITHIN_MS - now()));
    timers.set(
      id,
      setTimeout(() => void flush(id), pause),
    );
  }

  async function flush(id: string): Promise<boolean> {
    clearTimeout(timers.get(id));
    timers.delete(id);
    for (let run = running.get(id); run; run = running.get(id)) await run;
    const entry = entries.peek()[id];
    if (!entry || entry.seq !== undefined) return true;
    const run = send(id, entry.typed).finally(() => running.delete(id));
    running.set(id, run);
    await run;
    const left = entries.peek()[id];
    return left === undefined || left.seq !== undefined;
  }

  function leave(): void {
    for (const id of unsaved()) {
      const { typed } = entries.peek()[id] as Entry;
      void save(id, typed);
    }
  }

  async function send(id: string, typed: Typed): Promise<void> {
    const result = await save(id, typed);
    const entry = entries.peek()[id];
    // What was typed meanwhile has a timer of its own.
    if (!entry || !isSame(entry.typed, typed)) return;
    if (!result.ok) {
      return put(id, { ...entry, standing: { kind: "failed", why: result.problem } });
    }
    const at = now();
    saved.value = { ...saved.peek(), [id]: at };
    put(id, { ...entry, standing: { kind: "saved", at }, seq: result.value.seq });
  }

  function standing(id: string): Standing | undefined {
    const at = saved.value[id];
    return entries.value[id]?.standing ?? (at === undefined ? undefined : { kind: "saved", at });
  }

  return {
    typed: (id) => entries.value[id]?.typed,
    standing,
    type,
    flush,
    async flushAll() {
      const done = await Promise.all(unsaved().map(flush));
      return done.every((one) => one);
    },
    leave,
    follow(seq) {
      for (const [id, entry] of Object.entries(entries.peek())) {
        if (entry.seq !== undefined && entry.seq <= seq) put(id, undefined);
      }
    },
    unsaved,
    forget(id) {
      clearTimeout(timers.get(id));
      timers.delete(id);
      put(id, undefined);
    },
  };
}

function isSame(one: Typed, other: Typed): boolean {
  return one.notes === other.notes && one.disposition === other.disposition;
}
