/** The texts of the chosen language. */

import { computed } from "@preact/signals";
import { settings } from "../store/settings.ts";
import { de } from "./de.ts";
import { en, type Texts } from "./en.ts";

export type { Texts } from "./en.ts";

export const LANGUAGES = { en, de } as const;

export type Language = keyof typeof LANGUAGES;

/** The language that is shown: the chosen one, else the browser's where there is a text for it. */
export const language = computed<Language>(() => {
  const chosen = settings.value.language;
  if (chosen !== "auto") return chosen;
  return navigator.languages.some((one) => one.toLowerCase().startsWith("de")) && !prefersEnglish()
    ? "de"
    : "en";
});

const texts = computed<Texts>(() => LANGUAGES[language.value]);

/** The texts. A component that asks is drawn again when the language changes. */
export function t(): Texts {
  return texts.value;
}

function prefersEnglish(): boolean {
  const first = navigator.languages.find((one) => /^(de|en)/i.test(one));
  return first?.toLowerCase().startsWith("en") ?? true;
}
