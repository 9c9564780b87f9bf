import { t } from "@cordboard/texts";

/** The name of a key, as on keyboards of the current language. */
export function keyName(key: string): string {
  const names = t().help.keyNames;
  return key
    .split("+")
    .map((part) => names[part] ?? part.toUpperCase())
    .join("+");
}
