import { LANGUAGES, type Language } from "@cordboard/texts";

/** The language of a locale such as `de_DE`, or `auto` if there are no texts in that language. */
export function languageOf(locale: string | null): Language | "auto" {
  const [wanted] = (locale ?? "").toLowerCase().split(/[_-]/);
  return LANGUAGES.find((language) => language === wanted) ?? "auto";
}
