/** Settings of one person, stored in this browser. */

import { createStoredValue } from "@cordboard/client";
import { flag, object, oneOf, parse } from "@cordboard/guard";
import { chooseLanguage, LANGUAGES, type Language } from "@cordboard/texts";
import { effect, type ReadonlySignal, signal } from "@preact/signals";

export interface Settings {
  readonly theme: "system" | "light" | "dark";
  readonly language: "auto" | Language;
  /** Whether incoming calls play a ringtone. */
  readonly sounds: boolean;
  /** Whether incoming calls show a desktop notification. The browser must allow it too. */
  readonly notifications: boolean;
  /** Whether single keys are shortcuts. WCAG 2.1.4 requires a way to turn them off. */
  readonly shortcuts: boolean;
}

export interface SettingsStore {
  readonly current: ReadonlySignal<Settings>;
  /** Changes settings and stores them in this browser. */
  change(part: Partial<Settings>): void;
  /** Changes settings for this page only. */
  override(part: Partial<Settings>): void;
  /** Applies the chosen language. Returns the function that stops this. */
  applyLanguage(): () => void;
  /** Takes over changes from other tabs, and applies the theme. Returns the function that stops this. */
  sync(): () => void;
}

const DEFAULTS: Settings = {
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
  const stored = createStoredValue(KEY, SHAPE, storage);
  const current = signal<Settings>({ ...DEFAULTS, ...stored.get() });

  function override(part: Partial<Settings>): void {
    current.value = { ...current.peek(), ...part };
  }

  function onStorage({ key, newValue }: StorageEvent): void {
    if (key !== KEY) return;
    const found = parse(SHAPE, newValue ?? "{}");
    current.value = { ...DEFAULTS, ...(found.ok ? found.value : {}) };
  }

  return {
    current,
    override,
    change(part) {
      override(part);
      stored.set(current.peek());
    },
    applyLanguage: () => effect(() => chooseLanguage(current.value.language)),
    sync() {
      addEventListener("storage", onStorage);
      const stop = effect(() => {
        document.documentElement.dataset["theme"] = current.value.theme;
      });
      return () => {
        removeEventListener("storage", onStorage);
        stop();
      };
    },
  };
}
