/** Delays between attempts to reconnect or to repeat a request. */

/** The delay after the first failure. Milliseconds. */
const FIRST_MS = 250;

/** The longest delay. Milliseconds. */
const LONGEST_MS = 10_000;

/**
 * The delay before the next attempt. It doubles with each failure, up to ten seconds, and is random between half and all of that, so
 * that desks that lost the same server do not all reconnect at the same time.
 *
 * @param tries the number of failed attempts, from 1
 * @param random a number in [0, 1)
 */
export function backoffMs(tries: number, random: number): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries - 1, 16));
  return Math.round(whole / 2 + (whole / 2) * random);
}
