/** The relay between the page around and the session in the hub, and what the session tells this page. */

import { socketUrl } from "@cordboard/client";
import type { DeskStore } from "@cordboard/desk-store";
import { createRelay, type Relay } from "@cordboard/relay";
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import { originAround, placeHere } from "./around.ts";
import { type Crm, hear, NOTHING } from "./crm.ts";
import { add, goesAfter, NONE, type Notes, remove } from "./notes.ts";
import { type Notification, type Said, type Told, toldFrom } from "./words.ts";

export interface Link {
  readonly crm: ReadonlySignal<Crm>;
  readonly notes: ReadonlySignal<Notes>;
  askDirectory(): void;
  /** Has the record shown that the number was clicked in. */
  openRecord(interaction: string): void;
  openReports(): void;
  dismiss(id: number): void;
  /** The CRM's own word for something, by the vendor's name of it; else the usual one. */
  label(name: string, usual: string): string;
}

const NAME = "connector";

const isAlone = window.parent === window;

/** There is a relay while somebody is signed in. */
export function createLink({ session, messages }: DeskStore): Link {
  const crm = signal<Crm>(NOTHING);
  const { notes, notify, dismiss } = createBoard();
  let relay: Relay | undefined;

  function open(token: string): Relay {
    const made = createRelay({
      url: socketUrl(`/api/v1/relay/${NAME}`),
      token: () => token,
      onTell: tell,
      // A session that begins anew has to be told anew.
      onOpened: () => made.say(around()),
      onRefused: (why) => messages.show("error", why),
    });
    made.attach(window.parent, { place: "around" });
    return made;
  }

  function say(said: Said): void {
    relay?.say(said);
  }

  function tell(message: unknown): void {
    const told = toldFrom(message);
    if (!told.ok) return console.warn(`what the session tells cannot be read: ${told.fault}`);
    crm.value = hear(crm.peek(), told.value);
    showAtOnce(told.value);
  }

  function showAtOnce(told: Told): void {
    switch (told.type) {
      case "notification":
        return notify(told);
      case "notice":
        return messages.show("warning", told.text);
      case "warn":
        return console.warn(told.text);
      default:
        return;
    }
  }

  effect(() => {
    const token = session.account.value?.token;
    relay?.close();
    crm.value = isAlone ? { ...NOTHING, phase: "alone" } : NOTHING;
    relay = token === undefined || isAlone ? undefined : open(token);
  });

  return {
    crm,
    notes,
    askDirectory() {
      crm.value = { ...crm.peek(), directory: undefined };
      say({ type: "directory" });
    },
    openRecord: (interaction) => say({ type: "navigate", interaction }),
    openReports: () => say({ type: "reports" }),
    dismiss,
    label: (name, usual) => crm.value.settings.labels[name] ?? usual,
  };
}

/** What the CRM has said to the agent, and what of it still stands. */
function createBoard() {
  const notes = signal<Notes>(NONE);
  let last = 0;

  function notify(notification: Notification): void {
    if (notification.kind === "html" && onDesktop(notification)) return;
    last += 1;
    const id = last;
    notes.value = add(notes.peek(), { ...notification, id, at: Date.now() });
    const after = goesAfter(notification);
    if (after !== undefined) setTimeout(() => dismiss(id), after);
  }

  function dismiss(id: number): void {
    notes.value = remove(notes.peek(), id);
  }

  return { notes, notify, dismiss };
}

function around(): Said {
  return {
    type: "around",
    origin: originAround(placeHere()) ?? "",
    offset_min: -new Date().getTimezoneOffset(),
  };
}

/** Shows it as the desktop shows notifications, where the browser allows that. */
function onDesktop({ title, text, dialog_id, persist, store }: Notification): boolean {
  if (store || !("Notification" in globalThis) || Notification.permission !== "granted") return false;
  const tag = dialog_id === null ? {} : { tag: dialog_id };
  try {
    new Notification(title || text, { body: text, requireInteraction: persist, ...tag });
    return true;
  } catch {
    return false;
  }
}
