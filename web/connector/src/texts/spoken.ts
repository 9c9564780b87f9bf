import { LANGUAGES, type Language } from "@cordboard/texts";

/** The language of a locale such as `de_DE` that there are texts in; else the browser's. */
export function spoken(locale: string | null): Language | "auto" {
  const [wanted] = (locale ?? "").toLowerCase().split(/[_-]/);
  return LANGUAGES.find((language) => language === wanted) ?? "auto";
}
