/** The notes and the disposition of interactions, saved as they are typed: the same for the desktop and the connector. */

import type { Interaction, Problem } from "@cordboard/client";
import { effect } from "@preact/signals";
import { t } from "../texts/index.ts";
import { ahead, http, interactions, state, status } from "./desk.ts";
import { show } from "./messages.ts";
import { createSaver, type Standing, type Typed } from "./saver.ts";

/** What is not saved outlasts a refresh of the page. */
const KEY = "cordboard.notes";

const saver = createSaver({
  // What is on its way when the page goes still arrives.
  save: (id, { notes, disposition }) =>
    http.askAbout(id, { verb: "set-notes", notes, disposition }, { keepalive: true }),
  now: () => Date.now() + ahead.peek(),
  keep: (unsaved) => {
    // In a frame a browser may refuse to keep anything.
    try {
      sessionStorage.setItem(KEY, JSON.stringify(unsaved));
    } catch {}
  },
  kept: read(),
});

/** As it is typed, else as the server has it. */
export function notesOf(one: Interaction): Typed {
  return saver.typed(one.id) ?? { notes: one.notes ?? "", disposition: one.disposition ?? "" };
}

export function standingOf({ id }: Interaction): Standing | undefined {
  return saver.standing(id);
}

export function typeNotes(one: Interaction, part: Partial<Typed>): void {
  saver.type(one.id, { ...notesOf(one), ...part });
}

/** Saves what is typed at once; says whether all of it is saved. */
export function saveNotes(interaction?: string): Promise<boolean> {
  return interaction === undefined ? saver.flushAll() : saver.flush(interaction);
}

/**
 * What was typed into another form about an interaction that is completed: it goes into the notes of its record, behind what stands
 * there. Nothing is done where the record is not known.
 */
export function rescue(interaction: string, lines: readonly string[]): void {
  const before = saver.typed(interaction) ?? recorded(interaction);
  const added = lines.filter((line) => line.trim() !== "");
  if (!before || added.length === 0) return;
  saver.type(interaction, { ...before, notes: [before.notes, ...added].filter(Boolean).join("\n") });
  void finish(interaction);
}

function recorded(interaction: string): Typed | undefined {
  const summary = state.peek().completed.find((one) => one.interaction.id === interaction);
  return summary && { notes: summary.notes ?? "", disposition: summary.disposition ?? "" };
}

export function watch(): void {
  effect(() => saver.follow(state.value.seq ?? 0));
  whenLive(() => void saver.flushAll());
  whenOver((id) => void saver.flush(id));
  effect(() => {
    const { seq, interactions } = state.value;
    if (status.value.kind !== "live" || seq === undefined) return;
    for (const id of saver.unsaved()) if (!(id in interactions)) void finish(id);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) saver.leave();
  });
  addEventListener("pagehide", () => saver.leave());
}

/** What could not be saved while the server was away. */
function whenLive(then: () => void): void {
  let before = false;
  effect(() => {
    const live = status.value.kind === "live";
    if (live && !before) then();
    before = live;
  });
}

/** Nobody talks any more. */
function whenOver(then: (interaction: string) => void): void {
  let before: readonly string[] = [];
  effect(() => {
    const talking = interactions.value.filter((one) => one.state !== "ended").map(({ id }) => id);
    for (const id of before) if (!talking.includes(id)) then(id);
    before = talking;
  });
}

const finishing = new Set<string>();

/** Saves what belongs to an interaction that is completed: its field is gone, and cannot say that it is not saved. */
async function finish(id: string): Promise<void> {
  if (finishing.has(id)) return;
  finishing.add(id);
  const saved = await saver.flush(id);
  finishing.delete(id);
  const standing = saver.standing(id);
  // What the server could not be asked for is asked again when it is back.
  if (saved || standing?.kind !== "failed" || AWAY.has(standing.why.code)) return;
  show("error", `${notSaved(standing.why)} ${saver.typed(id)?.notes ?? ""}`);
  saver.forget(id);
}

const AWAY: ReadonlySet<string> = new Set(["unreachable", "unavailable", "overloaded"]);

/** Why something is not saved, in words. */
export function notSaved(why: Problem): string {
  return t().wrapUp.notSaved(t().problem[why.code] ?? why.detail);
}

function read(): Readonly<Record<string, Typed>> {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
}
