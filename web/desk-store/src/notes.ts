/** Notes and disposition of interactions, saved while the agent types. */

import { createStoredValue, type Interaction, type Problem } from "@cordboard/client";
import { object, record, text } from "@cordboard/guard";
import { t } from "@cordboard/texts";
import { effect } from "@preact/signals";
import { type Messages, problemText } from "./messages.ts";
import { createSaver, type NotesDraft, type Saver, type SaveState } from "./saver.ts";
import type { Session } from "./session.ts";

export interface Notes {
  /** The local draft, or else the server’s values. */
  of(one: Interaction): NotesDraft;
  saveState(one: Interaction): SaveState | undefined;
  edit(one: Interaction, part: Partial<NotesDraft>): void;
  /** Saves one interaction, or all, immediately. Resolves to true if everything is saved. */
  save(interaction?: string): Promise<boolean>;
  /** Appends lines to the notes of a completed interaction. Does nothing if this page does not have the interaction. */
  append(interaction: string, lines: readonly string[]): void;
  start(): () => void;
}

/** Browser features that tests replace. */
export interface NotesOptions {
  readonly tabStorage?: () => Storage;
  /** Calls `then` when the page is hidden or closed. Returns the function that stops this. */
  readonly onLeave?: (then: () => void) => () => void;
}

/** The key in the tab’s storage. Unsaved notes survive a reload of the page. */
const KEY = "cordboard.notes";

const STORED = record(object({ notes: text, disposition: text }));

export function createNotes(session: Session, messages: Messages, options: NotesOptions = {}): Notes {
  const stored = createStoredValue(KEY, STORED, options.tabStorage);
  const { state, status } = session;
  const saver = createSaver({
    // `keepalive` lets the request finish after the page is closed.
    save: (id, { notes, disposition }) =>
      session.http.commandInteraction(id, { verb: "set-notes", notes, disposition }, { keepalive: true }),
    now: () => Date.now() + session.clockOffsetMs.peek(),
    store: stored.set,
    stored: stored.get() ?? {},
  });
  const finish = createFinish(saver, messages);

  function of(one: Interaction): NotesDraft {
    return saver.draft(one.id) ?? { notes: one.notes ?? "", disposition: one.disposition ?? "" };
  }

  function recorded(interaction: string): NotesDraft | undefined {
    const summary = state.peek().completed.find((one) => one.interaction.id === interaction);
    return summary && { notes: summary.notes ?? "", disposition: summary.disposition ?? "" };
  }

  function finishCompleted(): void {
    const { seq, interactions } = state.value;
    if (status.value.kind !== "live" || seq === undefined) return;
    for (const id of saver.unsaved()) if (!(id in interactions)) void finish(id);
  }

  return {
    of,
    saveState: ({ id }) => saver.saveState(id),
    edit: (one, part) => saver.edit(one.id, { ...of(one), ...part }),
    save: (interaction) => (interaction === undefined ? saver.flushAll() : saver.flush(interaction)),
    append(interaction, lines) {
      const before = saver.draft(interaction) ?? recorded(interaction);
      const added = lines.filter((line) => line.trim() !== "");
      if (!before || added.length === 0) return;
      saver.edit(interaction, { ...before, notes: [before.notes, ...added].filter(Boolean).join("\n") });
      void finish(interaction);
    },
    start() {
      const stops = [
        effect(() => saver.confirm(state.value.seq ?? 0)),
        whenLive(session, () => void saver.flushAll()),
        whenOver(session, (id) => void saver.flush(id)),
        effect(finishCompleted),
        (options.onLeave ?? onLeave)(saver.saveOnExit),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}

/** Saves the notes of a completed interaction. Its form is gone, so an error is shown as a message. */
function createFinish(saver: Saver, messages: Messages): (id: string) => Promise<void> {
  const finishing = new Set<string>();
  return async (id) => {
    if (finishing.has(id)) return;
    finishing.add(id);
    const saved = await saver.flush(id);
    finishing.delete(id);
    const saveState = saver.saveState(id);
    // If the server was unreachable, the notes are saved when it is back.
    if (saved || saveState?.kind !== "failed" || UNREACHABLE.has(saveState.why.code)) return;
    messages.show("error", `${notSaved(saveState.why)} ${saver.draft(id)?.notes ?? ""}`);
    saver.forget(id);
  };
}

const UNREACHABLE: ReadonlySet<string> = new Set(["unreachable", "unavailable", "overloaded"]);

/** Calls `then` each time the stream goes live: unsaved notes are saved again. */
function whenLive({ status }: Session, then: () => void): () => void {
  let before = false;
  return effect(() => {
    const live = status.value.kind === "live";
    if (live && !before) then();
    before = live;
  });
}

/** Calls `then` when an interaction has no call any more. */
function whenOver({ interactions }: Session, then: (interaction: string) => void): () => void {
  let before: readonly string[] = [];
  return effect(() => {
    const talking = interactions.value.filter((one) => one.state !== "ended").map(({ id }) => id);
    for (const id of before) if (!talking.includes(id)) then(id);
    before = talking;
  });
}

function onLeave(then: () => void): () => void {
  const hidden = () => {
    if (document.hidden) then();
  };
  document.addEventListener("visibilitychange", hidden);
  addEventListener("pagehide", then);
  return () => {
    document.removeEventListener("visibilitychange", hidden);
    removeEventListener("pagehide", then);
  };
}

/** The text for notes that could not be saved. */
export function notSaved(why: Problem): string {
  return t().wrapUp.notSaved(problemText(why));
}
