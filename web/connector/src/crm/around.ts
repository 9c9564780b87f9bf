/** Which page this one stands in. */

/** What there is to know it by. */
export interface Place {
  /** The address's query. */
  readonly search: string;
  /** Origins of the windows around, the nearest first; not every browser says. */
  readonly ancestors: readonly string[];
  readonly referrer: string;
}

/** Names under which the page around may have written its origin into our address: ours, and one that existing pages use. */
const NAMED = ["clientOrigin", "svnlframeOrigin"];

/** The origin of the page around: as our address names it, else as the browser does. Undefined where nobody says. */
export function originAround({ search, ancestors, referrer }: Place): string | undefined {
  const query = new URLSearchParams(search);
  const found = [...NAMED.map((name) => query.get(name)), ancestors[0], referrer];
  return found.map(originOf).find((origin) => origin !== undefined);
}

/** The origin of an address; undefined of what is none, or has none. */
export function originOf(address: string | null | undefined): string | undefined {
  if (!address || !URL.canParse(address)) return undefined;
  const { origin } = new URL(address);
  return origin === "null" ? undefined : origin;
}

/** As this window has it. */
export function placeHere(): Place {
  const ancestors = [...(location.ancestorOrigins ?? [])];
  return { search: location.search, ancestors, referrer: document.referrer };
}
