/** The relay between the page around and the session in the hub, and what the session tells this page. */

import { account } from "@cordboard/desktop/store/desk.ts";
import { show } from "@cordboard/desktop/store/messages.ts";
import { createRelay, type Relay } from "@cordboard/relay";
import { computed, effect, signal } from "@preact/signals";
import { originAround, placeHere } from "./around.ts";
import { type Crm, hear, NOTHING } from "./crm.ts";
import { add, goesAfter, NONE, type Notes, remove } from "./notes.ts";
import { type Notification, type Said, type Told, toldFrom } from "./words.ts";

const NAME = "connector";

export const crm = signal<Crm>(NOTHING);
export const notes = signal<Notes>(NONE);

const token = computed(() => account.value?.token);

const isAlone = window.parent === window;

let relay: Relay | undefined;

/** There is a relay while somebody is signed in. */
export function begin(): void {
  effect(() => {
    relay?.close();
    crm.value = isAlone ? { ...NOTHING, phase: "alone" } : NOTHING;
    relay = token.value === undefined || isAlone ? undefined : open(token.value);
  });
}

export function askDirectory(): void {
  crm.value = { ...crm.value, directory: undefined };
  say({ type: "directory" });
}

/** Has the record shown that the number was clicked in. */
export function openRecord(interaction: string): void {
  say({ type: "navigate", interaction });
}

export function openReports(): void {
  say({ type: "reports" });
}

export function dismiss(id: number): void {
  notes.value = remove(notes.value, id);
}

function open(token: string): Relay {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const made = createRelay({
    url: `${scheme}://${location.host}/api/v1/relay/${NAME}`,
    token: () => token,
    onTell: tell,
    // A session that begins anew has to be told anew.
    onOpened: () => made.say(around()),
    onRefused: (why) => show("error", why),
  });
  made.attach(window.parent, { place: "around" });
  return made;
}

function around(): Said {
  return {
    type: "around",
    origin: originAround(placeHere()) ?? "",
    offset_min: -new Date().getTimezoneOffset(),
  };
}

function say(said: Said): void {
  relay?.say(said);
}

function tell(message: unknown): void {
  const told = toldFrom(message);
  if (!told) return;
  crm.value = hear(crm.value, told);
  showAtOnce(told);
}

function showAtOnce(told: Told): void {
  switch (told.type) {
    case "notification":
      return notify(told);
    case "notice":
      return show("warning", told.text);
    case "warn":
      return console.warn(told.text);
    default:
      return;
  }
}

let last = 0;

function notify(notification: Notification): void {
  if (notification.kind === "html" && onDesktop(notification)) return;
  last += 1;
  const id = last;
  notes.value = add(notes.value, { ...notification, id, at: Date.now() });
  const after = goesAfter(notification);
  if (after !== undefined) setTimeout(() => dismiss(id), after);
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
