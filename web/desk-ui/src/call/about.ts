/** Whom a consult is about: a colleague who is asked sees the customer, although the call is with the one who asks. */

import type { Data, Interaction } from "@cordboard/client";
import { type Names, numberOf } from "@cordboard/desk-store";

/** Names of the data that the call to the colleague carries. */
const NAME = "customer.name";
const NUMBER = "customer.number";

export interface About {
  readonly name: string;
  readonly number: string | undefined;
}

/** What the call to the colleague says about the customer. */
export function aboutCustomer(one: Interaction | undefined, { nameOf }: Names): Data {
  if (!one || !isOutside(one)) return {};
  const number = numberOf(one.customer);
  return { [NAME]: nameOf(one), ...(number === undefined ? {} : { [NUMBER]: number }) };
}

/** Whom a call from a colleague is about; undefined when it is with the customer, or about nobody. */
export function aboutOf(one: Interaction): About | undefined {
  const { [NAME]: name, [NUMBER]: number } = one.data ?? {};
  return name === undefined || isOutside(one) ? undefined : { name, number };
}

/** The data that say more than whom it is about. */
export function otherData(one: Interaction): readonly (readonly [string, string])[] {
  return Object.entries(one.data ?? {}).filter(([name]) => name !== NAME && name !== NUMBER);
}

function isOutside({ customer: { at } }: Interaction): boolean {
  return typeof at === "string" || !("device" in at);
}
