import { t } from "@cordboard/texts";

/** How a key is written on the screen: as it stands on keyboards of the chosen language. */
export function keyName(key: string): string {
  const names = t().help.keyNames;
  return key
    .split("+")
    .map((part) => names[part] ?? part.toUpperCase())
    .join("+");
}
