/** Alerts the agent to an incoming call: ringtone, window title and notification. One tab does it for all tabs. */

import { electLeader, type InteractionView } from "@cordboard/client";
import type { DeskStore } from "@cordboard/desk-store";
import { t } from "@cordboard/texts";
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { createRingtone } from "./ringtone.ts";

/** Starts the alerts for the agent of a store. */
export function startAlert(desk: DeskStore): void {
  const { session, settings, view, names } = desk;
  const leading = createLeader(desk);
  const ringtone = createRingtone((blocked) => {
    view.soundBlocked.value = blocked;
  });
  const ringing = computed(() => session.interactions.value.filter((one) => one.state === "alerting"));
  effect(() => {
    if (leading.value && settings.current.value.sounds && ringing.value.length > 0) ringtone.ring();
    else ringtone.stop();
  });
  effect(() => {
    const [first] = ringing.value;
    document.title = first ? `☎ ${t().ring.title(names.nameOf(first))}` : t().app;
  });
  notifyOfEach(desk, ringing, leading);
}

/** Whether this tab is the one that alerts the agent. Exactly one tab of the browser does. */
function createLeader({ session }: DeskStore): ReadonlySignal<boolean> {
  const leading = signal(false);
  let current: string | undefined;
  let resign = () => {};
  effect(() => {
    const id = session.agent.value?.id;
    if (id === undefined || id === current) return;
    resign();
    current = id;
    resign = electLeader(`cordboard.ring.${id}`, (leads) => {
      leading.value = leads;
    });
  });
  return leading;
}

/** Shows one notification for each ringing call while the page is hidden, and closes it when the ringing stops. */
function notifyOfEach(
  { settings, view, names }: DeskStore,
  ringing: ReadonlySignal<readonly InteractionView[]>,
  leading: ReadonlySignal<boolean>,
): void {
  const shown = new Map<string, Notification>();
  /** Whether this tab is in the background. */
  const hidden = signal(document.hidden);
  document.addEventListener("visibilitychange", () => {
    hidden.value = document.hidden;
  });
  effect(() => {
    const wanted = leading.value && settings.current.value.notifications && allowed() && hidden.value;
    const ids = new Set(ringing.value.map((one) => one.id));
    for (const [id, notification] of shown) if (!ids.has(id)) forget(id, notification);
    for (const one of ringing.value) {
      if (!wanted || shown.has(one.id)) continue;
      shown.set(one.id, notify(one.id, t().ring.title(names.nameOf(one)), view.choose));
    }
  });
  function forget(id: string, notification: Notification): void {
    shown.delete(id);
    notification.close();
  }
}

function allowed(): boolean {
  return "Notification" in globalThis && Notification.permission === "granted";
}

function notify(id: string, title: string, choose: (id: string) => void): Notification {
  const notification = new Notification(title, { tag: id, requireInteraction: true, icon: "/favicon.svg" });
  notification.onclick = () => {
    focus();
    choose(id);
  };
  return notification;
}
