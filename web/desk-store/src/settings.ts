/** What one person likes, kept in this browser. */

import { createKept } from "@cordboard/client";
import { flag, object, oneOf, parse } from "@cordboard/guard";
import { chooseLanguage, LANGUAGES, type Language } from "@cordboard/texts";
import { effect, type ReadonlySignal, signal } from "@preact/signals";

export interface Settings {
  readonly theme: "system" | "light" | "dark";
  readonly language: "auto" | Language;
  /** Whether calls ring aloud. */
  readonly sounds: boolean;
  /** Whether the desktop's notifications are wanted; the browser has to allow them too. */
  readonly notifications: boolean;
  /** Whether single keys are shortcuts (WCAG 2.1.4 wants a way to switch them off). */
  readonly shortcuts: boolean;
}

export interface SettingsStore {
  readonly current: ReadonlySignal<Settings>;
  /** Changes them for this browser. */
  change(part: Partial<Settings>): void;
  /** Changes them for this page alone. */
  override(part: Partial<Settings>): void;
  /** Shows texts in the chosen language. */
  speak(): () => void;
  /** Follows what another tab changes, and shows the page in the chosen colors. */
  follow(): () => void;
}

const USUAL: Settings = {
  theme: "system",
  language: "auto",
  sounds: true,
  notifications: false,
  shortcuts: true,
};

const SHAPE = object(
  {},
  {
    theme: oneOf("system", "light", "dark"),
    language: oneOf("auto", ...LANGUAGES),
    sounds: flag,
    notifications: flag,
    shortcuts: flag,
  },
);

const KEY = "cordboard.settings";

export function createSettings(storage = () => localStorage): SettingsStore {
  const kept = createKept(KEY, SHAPE, storage);
  const current = signal<Settings>({ ...USUAL, ...kept.get() });

  function override(part: Partial<Settings>): void {
    current.value = { ...current.peek(), ...part };
  }

  function hear({ key, newValue }: StorageEvent): void {
    if (key !== KEY) return;
    const found = parse(SHAPE, newValue ?? "{}");
    current.value = { ...USUAL, ...(found.ok ? found.value : {}) };
  }

  return {
    current,
    override,
    change(part) {
      override(part);
      kept.set(current.peek());
    },
    speak: () => effect(() => chooseLanguage(current.value.language)),
    follow() {
      addEventListener("storage", hear);
      const stop = effect(() => {
        document.documentElement.dataset["theme"] = current.value.theme;
      });
      return () => {
        removeEventListener("storage", hear);
        stop();
      };
    },
  };
}
