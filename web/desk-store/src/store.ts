/** Everything that the page of an agent knows. Each call makes another store. */

import { type Asking, createAsking } from "./asking.ts";
import { type Clock, createClock } from "./clock.ts";
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
  readonly asking: Asking;
  readonly notes: Notes;
  readonly drafts: Drafts;
  readonly messages: Messages;
  readonly notices: Notices;
  readonly names: Names;
  readonly settings: SettingsStore;
  readonly view: View;
  readonly clock: Clock;
  /** Connects while somebody is signed in, and keeps all of it going; gives how to end that. */
  start(): () => void;
}

/** What of the browser a store uses; a test has its own. */
export interface DeskOptions extends SessionOptions, NotesOptions {
  /** What is kept with the browser. */
  readonly storage?: () => Storage;
}

export function createDeskStore(options: DeskOptions = {}): DeskStore {
  const messages = createMessages();
  const session = createSession(messages, options);
  const notes = createNotes(session, messages, options);
  const asking = createAsking(session, messages, notes);
  const view = createView(session);
  const drafts = createDrafts(session, notes, options.tabStorage);
  const notices = createNotices(session, messages);
  const clock = createClock(session);
  const started = [session, asking, view, notes, drafts, notices, clock];
  return {
    session,
    asking,
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
