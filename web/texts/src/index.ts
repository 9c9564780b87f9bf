/** The texts that pages share, in every language. A page adds its own with `inLanguage`. */

import { de } from "./de.ts";
import { en } from "./en.ts";
import { inLanguage } from "./language.ts";

export type { Texts } from "./en.ts";
export { chooseLanguage, inLanguage, LANGUAGES, type Language, language } from "./language.ts";

const TEXTS = { en, de };

/** The texts of the language that is shown. */
export const t = inLanguage(TEXTS);

/** What a language is called in itself. */
export function languageName(name: keyof typeof TEXTS): string {
  return TEXTS[name].language;
}
