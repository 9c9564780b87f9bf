/** How long to wait before trying again. */

/** The first wait. Milliseconds. */
const FIRST_MS = 250;

/** The longest wait. Milliseconds. */
const LONGEST_MS = 10_000;

/**
 * Doubles with each try, up to ten seconds; between half of it and all of it, so that desks that lost one server together
 * do not come back together.
 *
 * @param tries how many have failed, from 1
 * @param random a number in [0, 1)
 */
export function backoffMs(tries: number, random: number): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries - 1, 16));
  return Math.round(whole / 2 + (whole / 2) * random);
}
