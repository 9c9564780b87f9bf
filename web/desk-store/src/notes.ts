/** The notes and the disposition of interactions, saved as they are typed. */

import { createKept, type Interaction, type Problem } from "@cordboard/client";
import { object, record, text } from "@cordboard/guard";
import { t } from "@cordboard/texts";
import { effect } from "@preact/signals";
import { type Messages, problemText } from "./messages.ts";
import { createSaver, type Saver, type Standing, type Typed } from "./saver.ts";
import type { Session } from "./session.ts";

export interface Notes {
  /** As they are typed, else as the server has them. */
  of(one: Interaction): Typed;
  standing(one: Interaction): Standing | undefined;
  type(one: Interaction, part: Partial<Typed>): void;
  /** Saves what is typed at once, about one interaction or all; says whether all of it is saved. */
  save(interaction?: string): Promise<boolean>;
  /**
   * What was typed into another form about an interaction that is completed: it goes into the notes of its record, behind what stands
   * there. Nothing is done where the record is not known.
   */
  rescue(interaction: string, lines: readonly string[]): void;
  start(): () => void;
}

/** What of the browser notes use; a test has its own. */
export interface NotesOptions {
  readonly tabStorage?: () => Storage;
  /** Calls when the page is hidden or left; gives how to end that. */
  readonly onLeave?: (then: () => void) => () => void;
}

/** What is not saved outlasts a refresh of the page. */
const KEY = "cordboard.notes";

const KEPT = record(object({ notes: text, disposition: text }));

export function createNotes(session: Session, messages: Messages, options: NotesOptions = {}): Notes {
  const kept = createKept(KEY, KEPT, options.tabStorage);
  const { state, status } = session;
  const saver = createSaver({
    // What is on its way when the page goes still arrives.
    save: (id, { notes, disposition }) =>
      session.http.askAbout(id, { verb: "set-notes", notes, disposition }, { keepalive: true }),
    now: () => Date.now() + session.ahead.peek(),
    keep: kept.set,
    kept: kept.get() ?? {},
  });
  const finish = createFinish(saver, messages);

  function of(one: Interaction): Typed {
    return saver.typed(one.id) ?? { notes: one.notes ?? "", disposition: one.disposition ?? "" };
  }

  function recorded(interaction: string): Typed | undefined {
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
    standing: ({ id }) => saver.standing(id),
    type: (one, part) => saver.type(one.id, { ...of(one), ...part }),
    save: (interaction) => (interaction === undefined ? saver.flushAll() : saver.flush(interaction)),
    rescue(interaction, lines) {
      const before = saver.typed(interaction) ?? recorded(interaction);
      const added = lines.filter((line) => line.trim() !== "");
      if (!before || added.length === 0) return;
      saver.type(interaction, { ...before, notes: [before.notes, ...added].filter(Boolean).join("\n") });
      void finish(interaction);
    },
    start() {
      const stops = [
        effect(() => saver.follow(state.value.seq ?? 0)),
        whenLive(session, () => void saver.flushAll()),
        whenOver(session, (id) => void saver.flush(id)),
        effect(finishCompleted),
        (options.onLeave ?? onLeave)(saver.leave),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}

/** Saves what belongs to an interaction that is completed: its field is gone, and cannot say that it is not saved. */
function createFinish(saver: Saver, messages: Messages): (id: string) => Promise<void> {
  const finishing = new Set<string>();
  return async (id) => {
    if (finishing.has(id)) return;
    finishing.add(id);
    const saved = await saver.flush(id);
    finishing.delete(id);
    const standing = saver.standing(id);
    // What the server could not be asked for is asked again when it is back.
    if (saved || standing?.kind !== "failed" || AWAY.has(standing.why.code)) return;
    messages.show("error", `${notSaved(standing.why)} ${saver.typed(id)?.notes ?? ""}`);
    saver.forget(id);
  };
}

const AWAY: ReadonlySet<string> = new Set(["unreachable", "unavailable", "overloaded"]);

/** What could not be saved while the server was away. */
function whenLive({ status }: Session, then: () => void): () => void {
  let before = false;
  return effect(() => {
    const live = status.value.kind === "live";
    if (live && !before) then();
    before = live;
  });
}

/** Nobody talks any more. */
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

/** Why something is not saved, in words. */
export function notSaved(why: Problem): string {
  return t().wrapUp.notSaved(problemText(why));
}
