/** The complete state of an agent’s page. */

import { type Clock, createClock } from "./clock.ts";
import { type Commands, createCommands } from "./commands.ts";
import { createDrafts, type Drafts } from "./drafts.ts";
import { createMessages, type Messages } from "./messages.ts";
import { createNames, type Names } from "./names.ts";
import { createNotes, type Notes, type NotesOptions } from "./notes.ts";
import { createNotices, type Notices } from "./notices.ts";
import { createSession, type Session, type SessionOptions } from "./session.ts";
import { createSettings, type SettingsStore } from "./settings.ts";
import { createView, type View } from "./view.ts";

export interface DeskStore {
  readonly session: Session;
  readonly commands: Commands;
  readonly notes: Notes;
  readonly drafts: Drafts;
  readonly messages: Messages;
  readonly notices: Notices;
  readonly names: Names;
  readonly settings: SettingsStore;
  readonly view: View;
  readonly clock: Clock;
  /** Starts all parts. The store connects while an account is signed in. Returns the function that stops everything. */
  start(): () => void;
}

/** Browser features that tests replace. */
export interface DeskOptions extends SessionOptions, NotesOptions {
  /** Storage that all tabs share. */
  readonly storage?: () => Storage;
}

export function createDeskStore(options: DeskOptions = {}): DeskStore {
  const messages = createMessages();
  const session = createSession(messages, options);
  const notes = createNotes(session, messages, options);
  const commands = createCommands(session, messages, notes);
  const view = createView(session);
  const drafts = createDrafts(session, notes, options.tabStorage);
  const notices = createNotices(session, messages);
  const clock = createClock(session);
  const started = [session, commands, view, notes, drafts, notices, clock];
  return {
    session,
    commands,
    notes,
    drafts,
    messages,
    notices,
    names: createNames(session.floor),
    settings: createSettings(options.storage),
    view,
    clock,
    start() {
      const stops = started.map((part) => part.start());
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}
