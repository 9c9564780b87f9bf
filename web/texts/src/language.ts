/** The current language. */

import { computed, signal } from "@preact/signals";

export const LANGUAGES = ["en", "de"] as const;

export type Language = (typeof LANGUAGES)[number];

/** The chosen language; `auto` follows the browser. */
const chosen = signal<Language | "auto">("auto");

/** The current language: the chosen one, or else the browser's if there are texts for it, or else English. */
export const language = computed<Language>(() => {
  if (chosen.value !== "auto") return chosen.value;
  return navigator.languages.some((one) => one.toLowerCase().startsWith("de")) && !prefersEnglish()
    ? "de"
    : "en";
});

export function chooseLanguage(next: Language | "auto"): void {
  chosen.value = next;
}

/** Returns a function that gives texts in the current language. A component that calls it is rendered again when the language changes. */
export function inLanguage<T>(texts: Readonly<Record<Language, T>>): () => T {
  return () => texts[language.value];
}

function prefersEnglish(): boolean {
  const first = navigator.languages.find((one) => /^(de|en)/i.test(one));
  return first?.toLowerCase().startsWith("en") ?? true;
}
