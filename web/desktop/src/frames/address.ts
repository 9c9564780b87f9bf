/** Addresses of configured pages with variables of the interaction. */

import type { InteractionView } from "@cordboard/client";

/** What the address of a page can contain. */
export type AddressSource = Pick<
  InteractionView,
  "id" | "number" | "customer" | "device" | "dialled" | "direction" | "queue" | "data"
>;

const VARIABLE = /\{(ani|dnis|contact-id|interaction|queue|data\.[^{}]+)\}/g;

/**
 * The address of a page: variables are replaced by values of the interaction, percent-encoded, or by nothing. The floor accepts variables
 * only after the host, so the origin never changes.
 */
export function pageUrl(template: string, from: AddressSource | undefined): string {
  return template.replace(VARIABLE, (_, name: string) => encoded(from ? variable(name, from) : ""));
}

function variable(name: string, from: AddressSource): string {
  const customer = numberOf(from.customer.at);
  const isInbound = from.direction === "inbound";
  switch (name) {
    case "ani":
      return isInbound ? customer : from.device;
    case "dnis":
      return isInbound ? (from.dialled ?? from.device) : customer;
    case "contact-id":
      return String(from.number);
    case "interaction":
      return from.id;
    case "queue":
      return from.queue ?? "";
    default:
      return from.data?.[name.slice("data.".length)] ?? "";
  }
}

function numberOf(at: AddressSource["customer"]["at"]): string {
  if (at === "withheld") return "";
  return "device" in at ? at.device : at.outside;
}

/** Encodes a value as one part of an address. A value of dots only would name another folder. Half characters cannot be encoded. */
function encoded(value: string): string {
  return /^\.+$/.test(value) ? "" : encodeURIComponent(value.replace(/\p{Surrogate}/gu, ""));
}
