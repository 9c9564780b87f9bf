/** Calls an agent who may be looking elsewhere: a sound, the window's title, and a notification. One tab does it for all. */

import { lead } from "@cordboard/client";
import { computed, effect, signal } from "@preact/signals";
import { agent, interactions } from "../store/desk.ts";
import { settings } from "../store/settings.ts";
import { choose } from "../store/view.ts";
import { t } from "../texts/index.ts";
import { createBell } from "./bell.ts";
import { nameOf } from "./words.ts";

/** Whether the browser keeps the bell silent until somebody touches the page. */
export const silent = signal(false);

const leading = signal(false);

/** Whether nobody sees this tab. */
const hidden = signal(document.hidden);

const ringing = computed(() => interactions.value.filter((one) => one.state === "alerting"));

export function begin(): void {
  const bell = createBell((is) => {
    silent.value = is;
  });
  effect(() => {
    const id = agent.value?.id;
    return id === undefined ? undefined : follow(id);
  });
  effect(() => {
    if (leading.value && settings.value.sounds && ringing.value.length > 0) bell.ring();
    else bell.stop();
  });
  effect(() => {
    const [first] = ringing.value;
    document.title = first ? `☎ ${t().ring.title(nameOf(first))}` : t().app;
  });
  document.addEventListener("visibilitychange", () => {
    hidden.value = document.hidden;
  });
  notifyOfEach();
}

/** Stands in line to ring for an agent. */
const follow = (() => {
  let current: string | undefined;
  let stepBack = () => {};
  return (id: string): void => {
    if (id === current) return;
    stepBack();
    current = id;
    stepBack = lead(`cordboard.ring.${id}`, (is) => {
      leading.value = is;
    });
  };
})();

/** One notification for each call, while nobody sees the page; it goes when the ringing does. */
function notifyOfEach(): void {
  const shown = new Map<string, Notification>();
  effect(() => {
    const wanted = leading.value && settings.value.notifications && allowed() && hidden.value;
    const ids = new Set(ringing.value.map((one) => one.id));
    for (const [id, notification] of shown) if (!ids.has(id)) forget(id, notification);
    for (const one of ringing.value) {
      if (wanted && !shown.has(one.id)) shown.set(one.id, notify(one.id, t().ring.title(nameOf(one))));
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

function notify(id: string, title: string): Notification {
  const notification = new Notification(title, { tag: id, requireInteraction: true, icon: "/favicon.svg" });
  notification.onclick = () => {
    focus();
    choose(id);
  };
  return notification;
}
