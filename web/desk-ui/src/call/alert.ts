/** Calls an agent who may be looking elsewhere: a sound, the window's title, and a notification. One tab does it for all. */

import { type InteractionView, lead } from "@cordboard/client";
import type { DeskStore } from "@cordboard/desk-store";
import { t } from "@cordboard/texts";
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { createBell } from "./bell.ts";

/** Begins to call the agent of a store. */
export function startAlert(desk: DeskStore): void {
  const { session, settings, view, names } = desk;
  const leading = createLeading(desk);
  const bell = createBell((is) => {
    view.silent.value = is;
  });
  const ringing = computed(() => session.interactions.value.filter((one) => one.state === "alerting"));
  effect(() => {
    if (leading.value && settings.current.value.sounds && ringing.value.length > 0) bell.ring();
    else bell.stop();
  });
  effect(() => {
    const [first] = ringing.value;
    document.title = first ? `☎ ${t().ring.title(names.nameOf(first))}` : t().app;
  });
  notifyOfEach(desk, ringing, leading);
}

/** Whether this tab is the one that rings for the agent: it stands in line with the others. */
function createLeading({ session }: DeskStore): ReadonlySignal<boolean> {
  const leading = signal(false);
  let current: string | undefined;
  let stepBack = () => {};
  effect(() => {
    const id = session.agent.value?.id;
    if (id === undefined || id === current) return;
    stepBack();
    current = id;
    stepBack = lead(`cordboard.ring.${id}`, (is) => {
      leading.value = is;
    });
  });
  return leading;
}

/** One notification for each call, while nobody sees the page; it goes when the ringing does. */
function notifyOfEach(
  { settings, view, names }: DeskStore,
  ringing: ReadonlySignal<readonly InteractionView[]>,
  leading: ReadonlySignal<boolean>,
): void {
  const shown = new Map<string, Notification>();
  /** Whether nobody sees this tab. */
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
