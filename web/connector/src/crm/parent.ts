/** The origin of the embedding page. */

/** Data of the window that shows the embedding page. */
export interface WindowContext {
  /** The address's query string. */
  readonly search: string;
  /** Origins of the embedding windows, the nearest first. Not every browser reports them. */
  readonly ancestors: readonly string[];
  readonly referrer: string;
}

/** Query parameters with the origin of the embedding page: our choice, and one that existing pages use. */
const ORIGIN_PARAMETERS = ["clientOrigin", "svnlframeOrigin"];

/** The origin of the embedding page, from the address or else from the browser; undefined if neither has it. */
export function parentOrigin({ search, ancestors, referrer }: WindowContext): string | undefined {
  const query = new URLSearchParams(search);
  const found = [...ORIGIN_PARAMETERS.map((name) => query.get(name)), ancestors[0], referrer];
  return found.map(originOf).find((origin) => origin !== undefined);
}

/** The origin of a URL; undefined if it is not a URL or has no origin. */
export function originOf(address: string | null | undefined): string | undefined {
  if (!address || !URL.canParse(address)) return undefined;
  const { origin } = new URL(address);
  return origin === "null" ? undefined : origin;
}

/** The context of this window. */
export function windowContext(): WindowContext {
  const ancestors = [...(location.ancestorOrigins ?? [])];
  return { search: location.search, ancestors, referrer: document.referrer };
}
