/**
 * Saves notes while the agent types: a moment after the last key, at the latest some seconds after the first unsaved key, and
 * immediately on `flush`. The page shows the draft until the server's state contains it, so an older event never overwrites newer text.
 */

import type { Accepted, Problem, Result } from "@cordboard/client";
import { type Signal, signal } from "@preact/signals";

/** The notes and the disposition of an interaction; empty if not set. */
export interface NotesDraft {
  readonly notes: string;
  readonly disposition: string;
}

export type SaveState =
  /** The server has it. `at` is the time of saving, if known: Unix milliseconds of the server’s clock. */
  | { readonly kind: "saved"; readonly at?: number }
  | { readonly kind: "saving" }
  | { readonly kind: "failed"; readonly why: Problem };

interface Entry {
  readonly draft: NotesDraft;
  /** When the first unsaved key was pressed. Unix milliseconds. */
  readonly since: number;
  readonly saveState: SaveState;
  /** The sequence number that the server returned when all of it was saved. */
  readonly seq?: number;
}

export interface SaverOptions {
  readonly save: (interaction: string, typed: NotesDraft) => Promise<Result<Accepted>>;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Stores unsaved drafts, so that they survive a reload. */
  readonly store?: (unsaved: Readonly<Record<string, NotesDraft>>) => void;
  /** Unsaved drafts that were stored before a reload. */
  readonly stored?: Readonly<Record<string, NotesDraft>>;
}

export interface Saver {
  /** The draft that the server's state does not contain yet. */
  draft(interaction: string): NotesDraft | undefined;
  saveState(interaction: string): SaveState | undefined;
  edit(interaction: string, draft: NotesDraft): void;
  /** Saves immediately. Resolves to true if the whole draft is saved. */
  flush(interaction: string): Promise<boolean>;
  /** Saves all drafts immediately. Resolves to true if all are saved. */
  flushAll(): Promise<boolean>;
  /** Sends all unsaved drafts without waiting for requests in progress, because the page is closing. */
  saveOnExit(): void;
  /** Removes drafts that the server's state contains at sequence number `seq`. */
  confirm(seq: number): void;
  /** IDs of the interactions with unsaved drafts. */
  unsaved(): readonly string[];
  forget(interaction: string): void;
}

/** The delay between the last key and saving. Milliseconds. */
export const PAUSE_MS = 1_000;

/** The longest delay between the first unsaved key and saving. Milliseconds. */
export const SAVE_WITHIN_MS = 5_000;

export function createSaver({ save, now, store = () => {}, stored = {} }: SaverOptions): Saver {
  const entries: Signal<Readonly<Record<string, Entry>>> = signal(
    Object.fromEntries(
      Object.entries(stored).map(([id, draft]) => [
        id,
        { draft, since: now(), saveState: { kind: "saving" } },
      ]),
    ),
  );
  /** When each interaction was saved last. Unix milliseconds. */
  const saved: Signal<Readonly<Record<string, number>>> = signal({});
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const running = new Map<string, Promise<void>>();

  function put(id: string, entry: Entry | undefined): void {
    const { [id]: _, ...others } = entries.peek();
    entries.value = entry ? { ...others, [id]: entry } : others;
    store(Object.fromEntries(unsaved().map((one) => [one, entries.peek()[one]?.draft as NotesDraft])));
  }

  function unsaved(): readonly string[] {
    return Object.entries(entries.peek())
      .filter(([, { seq }]) => seq === undefined)
      .map(([id]) => id);
  }

  function edit(id: string, draft: NotesDraft): void {
    const before = entries.peek()[id];
    const since = before && before.seq === undefined ? before.since : now();
    put(id, { draft, since, saveState: { kind: "saving" } });
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
    const run = send(id, entry.draft).finally(() => running.delete(id));
    running.set(id, run);
    await run;
    const left = entries.peek()[id];
    return left === undefined || left.seq !== undefined;
  }

  function saveOnExit(): void {
    for (const id of unsaved()) {
      const { draft } = entries.peek()[id] as Entry;
      void save(id, draft);
    }
  }

  async function send(id: string, draft: NotesDraft): Promise<void> {
    const result = await save(id, draft);
    const entry = entries.peek()[id];
    // The draft changed in the meantime: its own timer saves it.
    if (!entry || !isSame(entry.draft, draft)) return;
    if (!result.ok) {
      return put(id, { ...entry, saveState: { kind: "failed", why: result.problem } });
    }
    const at = now();
    saved.value = { ...saved.peek(), [id]: at };
    put(id, { ...entry, saveState: { kind: "saved", at }, seq: result.value.seq });
  }

  function saveState(id: string): SaveState | undefined {
    const at = saved.value[id];
    return entries.value[id]?.saveState ?? (at === undefined ? undefined : { kind: "saved", at });
  }

  return {
    draft: (id) => entries.value[id]?.draft,
    saveState,
    edit,
    flush,
    async flushAll() {
      const done = await Promise.all(unsaved().map(flush));
      return done.every((one) => one);
    },
    saveOnExit,
    confirm(seq) {
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

function isSame(one: NotesDraft, other: NotesDraft): boolean {
  return one.notes === other.notes && one.disposition === other.disposition;
}
