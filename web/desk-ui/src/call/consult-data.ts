/** Data about the customer that a consult call carries, so that the consulted colleague sees who the call is about. */

import type { Data, Interaction } from "@cordboard/client";
import { type Names, numberOf } from "@cordboard/desk-store";

/** Keys in the call data of the consult call. */
const NAME = "customer.name";
const NUMBER = "customer.number";

export interface ConsultCustomer {
  readonly name: string;
  readonly number: string | undefined;
}

/** The call data for a consult about this interaction’s customer. */
export function customerData(one: Interaction | undefined, { nameOf }: Names): Data {
  if (!one || !isOutside(one)) return {};
  const number = numberOf(one.customer);
  return { [NAME]: nameOf(one), ...(number === undefined ? {} : { [NUMBER]: number }) };
}

/** The customer of a consult call from a colleague; undefined for all other calls. */
export function consultCustomer(one: Interaction): ConsultCustomer | undefined {
  const { [NAME]: name, [NUMBER]: number } = one.data ?? {};
  return name === undefined || isOutside(one) ? undefined : { name, number };
}

/** The call data without the keys of this module. */
export function otherData(one: Interaction): readonly (readonly [string, string])[] {
  return Object.entries(one.data ?? {}).filter(([name]) => name !== NAME && name !== NUMBER);
}

function isOutside({ customer: { at } }: Interaction): boolean {
  return typeof at === "string" || !("device" in at);
}
