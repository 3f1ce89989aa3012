import type { JsonObject } from '../json/tree.js';
import type { Change, EventLog } from './event-log.js';
import type { Matcher } from './selector.js';

/** One event as a watcher sees it: a change through its selector. */
export interface Sighting {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: JsonObject;
}

/** At most so many changes are handed over at once, so that one busy watcher does not hold up the others. */
const batchSize = 256;

/** What a change means to a watcher that sees only matching objects: one that came into or went out of sight is added or deleted. */
export function sight(change: Change, matches: Matcher): Sighting | undefined {
  const now = change.type !== 'DELETED' && matches(change.object);
  const before = change.previous !== undefined && matches(change.previous);
  if (now) return { type: before ? 'MODIFIED' : 'ADDED', object: change.object };
  if (!before) return undefined;
  if (change.type === 'DELETED') return { type: 'DELETED', object: change.object };
  // Out of sight: shown as it last matched, at the version of the change.
  const { previous, object } = change;
  if (!previous) return undefined;
  const metadata = previous['metadata'];
  const version = object['metadata'];
  return {
    type: 'DELETED',
    object: {
      ...previous,
      metadata: { ...Object(metadata), resourceVersion: Object(version)['resourceVersion'] },
    },
  };
}

/**
 * Follows a log from a place on until the signal. Yields batches of what the matcher lets through, several changes at once when
 * they came faster than they were taken. Throws 410 when the reader was too slow for the log's window.
 *
 * @param topic the only one of the log that the matcher lets through; others cost nothing then
 * @param tick when it is given, a batch without changes is yielded every so many milliseconds, provided that the reader has seen all there was
 */
export async function* follow(
  log: EventLog,
  from: number,
  matches: Matcher,
  signal: AbortSignal,
  { tick, topic }: { tick?: number | undefined; topic?: string | undefined } = {},
): AsyncGenerator<readonly Sighting[], void, void> {
  let place = from;
  /** The next change, if there is one. */
  const peek = (): Change | undefined => {
    if (topic !== undefined) place = log.next(place, topic);
    return log.read(place);
  };
  let wake: (() => void) | undefined;
  let ticked = false;
  const rouse = (): void => wake?.();
  // Once for the whole watch: adding and removing a listener for each wait costs more than the wait.
  signal.addEventListener('abort', rouse, { once: true });
  const timer =
    tick === undefined
      ? undefined
      : setInterval(() => {
          ticked = true;
          rouse();
        }, tick).unref();
  try {
    while (!signal.aborted) {
      const batch: Sighting[] = [];
      for (let count = 0; count < batchSize; count++) {
        const change = peek();
        if (!change) break;
        place++;
        const seen = sight(change, matches);
        if (seen) batch.push(seen);
      }
      if (batch.length > 0 || ticked) yield batch;
      ticked = false;
      if (peek()) continue;
      await new Promise<void>((resolve) => {
        const stop = log.wait(resolve, topic);
        wake = () => {
          stop();
          resolve();
        };
        if (signal.aborted) wake();
      });
      wake = undefined;
    }
  } finally {
    clearInterval(timer);
    signal.removeEventListener('abort', rouse);
  }
}
