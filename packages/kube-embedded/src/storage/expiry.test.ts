import { describe, expect, it } from 'vitest';
import { createExpiry } from './expiry.js';
import { MemoryStore } from './memory-store.js';

const minute = 60_000;
const event = (name: string, count: number) => ({ kind: 'Event', metadata: { name, namespace: 'a' }, count });
const names = (store: MemoryStore): unknown[] =>
  store.list('events').objects.map(({ metadata }) => (metadata as { name: string }).name);

describe('expiry', () => {
  it('removes what was not written for an hour, keeps what was, and tells watchers', () => {
    const store = new MemoryStore();
    const sweep = createExpiry(store, 'events', 60 * minute);
    store.put('events', 'a/old', event('old', 1));
    store.put('events', 'a/counted', event('counted', 1));
    expect(sweep(0)).toBe(0);
    store.put('events', 'a/counted', event('counted', 2));
    expect(sweep(59 * minute)).toBe(0);
    const place = store.log('events').end;
    expect(sweep(60 * minute)).toBe(1);
    expect(names(store)).toEqual(['counted']);
    expect(store.log('events').read(place)).toMatchObject({ type: 'DELETED', object: { metadata: { name: 'old' } } });
    expect(sweep(119 * minute)).toBe(1);
    expect(names(store)).toEqual([]);
  });

  it('counts a new object of an old name from its own beginning', () => {
    const store = new MemoryStore();
    const sweep = createExpiry(store, 'events', minute);
    store.put('events', 'a/x', event('x', 1));
    sweep(0);
    store.remove('events', 'a/x');
    store.put('events', 'a/x', event('x', 1));
    expect(sweep(minute)).toBe(0);
    expect(sweep(2 * minute)).toBe(1);
  });
});
