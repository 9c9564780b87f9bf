/** The relay between the CRM page and the session in the hub, and the messages of the session to this page. */

import { socketUrl } from "@cordboard/client";
import type { DeskStore } from "@cordboard/desk-store";
import { createRelay, type Relay } from "@cordboard/relay";
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import { type Crm, INITIAL_CRM, reduce } from "./crm.ts";
import { add, durationOf, NONE, type Notifications, remove } from "./notifications.ts";
import { originOf, parentOrigin, windowContext } from "./parent.ts";
import {
  type Notification,
  type PageMessage,
  type SessionMessage,
  type Settings,
  sessionMessageFrom,
} from "./session-messages.ts";

export interface CrmLink {
  readonly crm: ReadonlySignal<Crm>;
  readonly notifications: ReadonlySignal<Notifications>;
  requestDirectory(): void;
  /** Opens the record whose number was clicked. */
  openRecord(interaction: string): void;
  /** Opens the record of the person who is consulted. */
  openConsultedRecord(interaction: string): void;
  openReports(): void;
  dismiss(id: number): void;
  /** The CRM page's text for a label of the vendor's list, or else `fallback`. */
  label(name: string, fallback: string): string;
}

const NAME = "connector";

const isAlone = window.parent === window;

/** Creates the link. The relay exists while an account is signed in. */
export function createCrmLink({ session, messages }: DeskStore): CrmLink {
  const crm = signal<Crm>(INITIAL_CRM);
  const { notifications, notify, dismiss } = createNotifications();
  let relay: Relay | undefined;

  function open(token: string): Relay {
    const made = createRelay({
      url: socketUrl(`/api/v1/relay/${NAME}`),
      token: () => token,
      onMessage: receive,
      // Each new session needs the origin of the embedding page.
      onOpened: () => made.send(parentMessage()),
      onRefused: (why) => messages.show("error", why),
    });
    made.attach(window.parent, { place: "around" });
    return made;
  }

  function send(message: PageMessage): void {
    relay?.send(message);
  }

  function receive(message: unknown): void {
    const found = sessionMessageFrom(message);
    if (!found.ok) return console.warn(`cannot read a message of the session: ${found.fault}`);
    crm.value = reduce(crm.peek(), found.value);
    if (found.value.type === "settings") applyServer(found.value.settings.server);
    notifyAbout(found.value);
  }

  /** Applies the section `ServerConfig`. */
  function applyServer({ host, shared }: Settings["server"]): void {
    session.shareAccount(shared ?? true);
    const other = originOf(host);
    if (other !== undefined && other !== location.origin)
      console.warn(
        `serverHostName ${other} is ignored: the softphone uses its own server, ${location.origin}`,
      );
  }

  function notifyAbout(message: SessionMessage): void {
    switch (message.type) {
      case "notification":
        return notify(message);
      case "notice":
        return messages.show("warning", message.text);
      case "warn":
        return console.warn(message.text);
      default:
        return;
    }
  }

  effect(() => {
    const token = session.account.value?.token;
    relay?.close();
    crm.value = isAlone ? { ...INITIAL_CRM, phase: "alone" } : INITIAL_CRM;
    relay = token === undefined || isAlone ? undefined : open(token);
  });

  return {
    crm,
    notifications,
    requestDirectory() {
      crm.value = { ...crm.peek(), directory: undefined };
      send({ type: "directory" });
    },
    openRecord: (interaction) => send({ type: "navigate", interaction, consult: false }),
    openConsultedRecord: (interaction) => send({ type: "navigate", interaction, consult: true }),
    openReports: () => send({ type: "reports" }),
    dismiss,
    label: (name, fallback) => crm.value.settings.labels[name] ?? fallback,
  };
}

/** Notifications from the CRM. */
function createNotifications() {
  const notifications = signal<Notifications>(NONE);
  let last = 0;

  function notify(notification: Notification): void {
    if (notification.kind === "html" && showOnDesktop(notification)) return;
    last += 1;
    const id = last;
    notifications.value = add(notifications.peek(), { ...notification, id, at: Date.now() });
    const after = durationOf(notification);
    if (after !== undefined) setTimeout(() => dismiss(id), after);
  }

  function dismiss(id: number): void {
    notifications.value = remove(notifications.peek(), id);
  }

  return { notifications, notify, dismiss };
}

function parentMessage(): PageMessage {
  return {
    type: "around",
    origin: parentOrigin(windowContext()) ?? "",
    offset_min: -new Date().getTimezoneOffset(),
  };
}

/** Shows a desktop notification. Returns false if the browser does not allow it. */
function showOnDesktop({ title, text, dialog_id, persist, store }: Notification): boolean {
  if (store || !("Notification" in globalThis) || Notification.permission !== "granted") return false;
  const tag = dialog_id === null ? {} : { tag: dialog_id };
  try {
    new Notification(title || text, { body: text, requireInteraction: persist, ...tag });
    return true;
  } catch {
    return false;
  }
}
