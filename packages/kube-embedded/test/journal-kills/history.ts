import type { Store } from '../../src/storage/store.js';
import { randomFrom, upTo } from '../random.js';

/**
 * Makes the next write of a history: which one it is follows from the seed and the store's version alone, so that every process makes the same, and a
 * journal's version tells all that must be in it. Most are small; some are so large that they reach the disk in many steps.
 */
export function writeNext(store: Store, seed: number): void {
  const random = randomFrom(seed * 1_000_003 + store.version);
  const name = `o${upTo(random, 19)}`;
  const key = `a/${name}`;
  if (store.get('configmaps', key) !== undefined && random() < 0.25) {
    store.remove('configmaps', key);
    return;
  }
  const size = random() < 0.08 ? upTo(random, 1_500_000) : upTo(random, 2000);
  const text = `${store.version} ${'ä'.repeat(size / 2)}`;
  store.put('configmaps', key, { kind: 'ConfigMap', metadata: { name, namespace: 'a' }, data: { text } });
}
