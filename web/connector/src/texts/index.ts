/** The connector's texts in the chosen language. */

import { language } from "@cordboard/desktop/texts/index.ts";
import { de } from "./de.ts";
import { en, type Texts } from "./en.ts";

const TEXTS = { en, de };

export function c(): Texts {
  return TEXTS[language.value];
}
