/** After contact work that the agent chooses: not ready, for a reason that says so. */

import type { Floor } from "@cordboard/client";

/** The codes of that reason in a floor file, the first one without reasons in the floor. */
const CODES = ["after-contact-work", "acw", "wrap-up"];

export function isAfterContactWork(code: string | null | undefined): boolean {
  return CODES.includes(code ?? "");
}

/** The reason to send; undefined if the floor lists reasons and none of them is after contact work. */
export function afterContactWork(reasons: NonNullable<Floor["reasons"]>): string | undefined {
  const found = reasons.find(({ code, use }) => use === "not-ready" && isAfterContactWork(code));
  return found?.code ?? (reasons.length === 0 ? CODES[0] : undefined);
}
