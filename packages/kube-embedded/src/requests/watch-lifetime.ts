/** The longest that a timer of Node waits, milliseconds: some 24 days. */
const LONGEST = 2 ** 31 - 1;

/**
 * How long a watch lives, milliseconds: as long as it was asked for (not at all when less than nothing), or, when nothing or 0 was asked for, half an hour to
 * an hour (`--min-request-timeout` of kube-apiserver, and up to twice that).
 * @param random a number from 0 up to 1
 */
export function watchLifetime(timeoutSeconds: number | undefined, random: () => number): number {
  const seconds = timeoutSeconds || 1800 + Math.floor(random() * 1800);
  return Math.min(Math.max(seconds * 1000, 1), LONGEST);
}
