import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Link } from "./link.ts";

export const LinkContext = createContext<Link | undefined>(undefined);

/** The link of the softphone in which this is drawn. */
export function useLink(): Link {
  const link = useContext(LinkContext);
  if (!link) throw new Error("no LinkContext is around this component");
  return link;
}
