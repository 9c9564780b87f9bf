/** Limits how many messages of one frame are relayed, so that a frame cannot occupy the page and the hub. */

/** How many messages a frame can post at once. */
const BURST_MAX = 500;

/** How many messages a frame can post in a second, in the long run. */
const PER_SECOND_MAX = 100;

/** How often a frame is told that its messages are dropped. Milliseconds. */
const TOLD_EVERY_MS = 10_000;

/** The messages that a frame can still post. */
export interface Budget {
  /** Takes one message. Returns `false` if it must be dropped, and `"first"` if the frame must be told so. */
  take(now: number): boolean | "first";
}

export function createBudget(): Budget {
  let left = BURST_MAX;
  let refilled = Number.NEGATIVE_INFINITY;
  let told = Number.NEGATIVE_INFINITY;

  return {
    take(now) {
      left = Math.min(BURST_MAX, left + ((now - refilled) / 1000) * PER_SECOND_MAX);
      refilled = now;
      if (left >= 1) {
        left -= 1;
        return true;
      }
      if (now - told < TOLD_EVERY_MS) return false;
      told = now;
      return "first";
    },
  };
}

/** What a frame gets whose messages are dropped. */
export const TOO_MANY_MESSAGES = {
  issuer: "Cordboard",
  messageType: "TooManyMessages",
  text: `Messages of this page are dropped: a page can post ${BURST_MAX} messages at once and ${PER_SECOND_MAX} in a second.`,
} as const;
