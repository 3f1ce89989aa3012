/**
 * Runs `action` for 0 … count−1 in rounds of 1, 2, 4, … at once, and stops after a round with a failure: a request that is refused is then
 * refused once and not hundreds of times (the replica set controller's slow start). Answers how many succeeded, and the first failure.
 */
export async function runSlowStart(
  count: number,
  action: (index: number) => Promise<void>,
): Promise<{ succeeded: number; failure?: unknown }> {
  let succeeded = 0;
  let next = 0;
  for (let size = 1; next < count; size *= 2) {
    const round = Array.from({ length: Math.min(size, count - next) }, (_, offset) => action(next + offset));
    next += round.length;
    const results = await Promise.allSettled(round);
    succeeded += results.filter((result) => result.status === 'fulfilled').length;
    const refused = results.find((result) => result.status === 'rejected');
    if (refused !== undefined) return { succeeded, failure: refused.reason };
  }
  return { succeeded };
}

/** Runs `action` on every item at once, waits for all, then throws the first failure. */
export async function runAll<T>(items: Iterable<T>, action: (item: T) => Promise<unknown>): Promise<void> {
  const results = await Promise.allSettled(Array.from(items, action));
  const refused = results.find((result) => result.status === 'rejected');
  if (refused !== undefined) throw refused.reason;
}
