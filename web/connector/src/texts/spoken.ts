import { LANGUAGES, type Language } from "@cordboard/desktop/texts/index.ts";

/** The language of a locale such as `de_DE` that there are texts in; else the browser's. */
export function spoken(locale: string | null): Language | "auto" {
  const [wanted] = (locale ?? "").toLowerCase().split(/[_-]/);
  return (Object.keys(LANGUAGES) as Language[]).find((language) => language === wanted) ?? "auto";
}
