import { inLanguage } from "@cordboard/texts";
import { de } from "./de.ts";
import { en } from "./en.ts";

/** The connector's own texts in the current language. */
export const c = inLanguage({ en, de });
