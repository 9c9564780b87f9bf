import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { CrmLink } from "./link.ts";

export const CrmLinkContext = createContext<CrmLink | undefined>(undefined);

/** The CRM link of the surrounding softphone. */
export function useCrmLink(): CrmLink {
  const link = useContext(CrmLinkContext);
  if (!link) throw new Error("this component is not inside a CrmLinkContext");
  return link;
}
