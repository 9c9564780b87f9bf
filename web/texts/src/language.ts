/** The language that is shown. */

import { computed, signal } from "@preact/signals";

export const LANGUAGES = ["en", "de"] as const;

export type Language = (typeof LANGUAGES)[number];

/** What somebody chose; `auto` follows the browser. */
const chosen = signal<Language | "auto">("auto");

/** The chosen one, else the browser's where there is a text for it. */
export const language = computed<Language>(() => {
  if (chosen.value !== "auto") return chosen.value;
  return navigator.languages.some((one) => one.toLowerCase().startsWith("de")) && !prefersEnglish()
    ? "de"
    : "en";
});

export function chooseLanguage(next: Language | "auto"): void {
  chosen.value = next;
}

/** The texts of a part, in the language that is shown. A component that asks is drawn again when the language changes. */
export function inLanguage<T>(texts: Readonly<Record<Language, T>>): () => T {
  return () => texts[language.value];
}

function prefersEnglish(): boolean {
  const first = navigator.languages.find((one) => /^(de|en)/i.test(one));
  return first?.toLowerCase().startsWith("en") ?? true;
}
