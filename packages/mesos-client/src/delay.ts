/** What Node's timers can wait, in milliseconds: 24.8 days. Longer ones they would take for 1 ms. */
const LONGEST = 2 ** 31 - 1;

/** A delay for a timer: what is longer than a timer can wait, `Infinity` for instance, becomes the longest. */
export function boundDelay(milliseconds: number): number {
  return Math.min(milliseconds, LONGEST);
}
