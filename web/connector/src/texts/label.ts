import { crm } from "../crm/link.ts";

/** The CRM's own word for something, by the vendor's name of it; else the usual one. */
export function label(name: string, usual: string): string {
  return crm.value.settings.labels[name] ?? usual;
}
