import { inLanguage } from "@cordboard/texts";
import { de } from "./de.ts";
import { en } from "./en.ts";

/** The connector's own texts in the language that is shown. */
export const c = inLanguage({ en, de });
