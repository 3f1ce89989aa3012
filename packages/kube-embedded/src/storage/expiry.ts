import { textAt } from '../json/tree.js';
import { keyOf } from '../requests/backend.js';
import type { Store } from './store.js';

/**
 * Removes objects of a kind that nobody wrote for so long, as the real server lets its events live for an hour (`--event-ttl`). An object's age
 * is counted from the first sweep that sees its version, so that it lives at most one interval between sweeps longer.
 *
 * @param lifetime milliseconds
 * @returns the sweep; it is given the present time in milliseconds and answers how many objects it removed
 */
export function createExpiry(store: Store, kind: string, lifetime: number): (now: number) => number {
  let seen = new Map<string, { version: string; since: number }>();
  return (now) => {
    // Built anew at each sweep: objects that were deleted by others are forgotten with it.
    const kept: typeof seen = new Map();
    let removed = 0;
    for (const object of store.list(kind).objects) {
      const key = keyOf(textAt(object, 'metadata', 'namespace'), textAt(object, 'metadata', 'name') ?? '');
      const version = textAt(object, 'metadata', 'resourceVersion') ?? '';
      const before = seen.get(key);
      const entry = before?.version === version ? before : { version, since: now };
      if (now - entry.since < lifetime) kept.set(key, entry);
      else {
        store.remove(kind, key);
        removed++;
      }
    }
    seen = kept;
    return removed;
  };
}
