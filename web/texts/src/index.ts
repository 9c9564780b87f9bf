/** Texts that pages share, in all languages. A page adds its own texts with `inLanguage`. */

import { de } from "./de.ts";
import { en } from "./en.ts";
import { inLanguage } from "./language.ts";

export type { Texts } from "./en.ts";
export { chooseLanguage, inLanguage, LANGUAGES, type Language, language } from "./language.ts";

const TEXTS = { en, de };

/** The texts in the current language. */
export const t = inLanguage(TEXTS);

/** The name of a language in that language. */
export function languageName(name: keyof typeof TEXTS): string {
  return TEXTS[name].language;
}
