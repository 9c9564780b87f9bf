/** What one person likes, kept in this browser. */

import { effect, signal } from "@preact/signals";

export interface Settings {
  readonly theme: "system" | "light" | "dark";
  readonly language: "auto" | "en" | "de";
  /** Whether calls ring aloud. */
  readonly sounds: boolean;
  /** Whether the desktop's notifications are wanted; the browser has to allow them too. */
  readonly notifications: boolean;
  /** Whether single keys are shortcuts (WCAG 2.1.4 wants a way to switch them off). */
  readonly shortcuts: boolean;
}

const USUAL: Settings = {
  theme: "system",
  language: "auto",
  sounds: true,
  notifications: false,
  shortcuts: true,
};

const KEY = "cordboard.settings";

export const settings = signal<Settings>(read());

export function change(part: Partial<Settings>): void {
  settings.value = { ...settings.value, ...part };
  localStorage.setItem(KEY, JSON.stringify(settings.value));
}

/** Follows what another tab changes, and shows the page in the chosen colours. */
export function follow(): void {
  addEventListener("storage", ({ key }) => {
    if (key === KEY) settings.value = read();
  });
  effect(() => {
    document.documentElement.dataset["theme"] = settings.value.theme;
  });
}

/** What was kept, as far as it still means something. */
function read(): Settings {
  try {
    return { ...USUAL, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return USUAL;
  }
}
