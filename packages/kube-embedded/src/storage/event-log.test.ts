import { describe, expect, it } from 'vitest';
import { MemoryStore } from './memory-store.js';
import { follow } from './watch.js';

const pod = (name: string, labels = {}) => ({ kind: 'Pod', apiVersion: 'v1', metadata: { name, labels } });

describe('the log of a kind', () => {
  it('follows on from a version with exactly the changes since', async () => {
    const store = new MemoryStore();
    const first = store.put('pods', 'a/x', pod('x'));
    store.put('secrets', 'a/s', pod('s'));
    store.put('pods', 'a/y', pod('y'));
    const version = Number((first['metadata'] as { resourceVersion: string }).resourceVersion);
    const log = store.log('pods');
    const end = new AbortController();
    const events = follow(log, log.placeAfter(version), () => true, end.signal);
    const batch = await events.next();
    expect(batch.value?.map(({ type, object }) => [type, (object['metadata'] as { name: string }).name])).toEqual([
      ['ADDED', 'y'],
    ]);
    const waiting = events.next();
    store.remove('pods', 'a/x');
    expect((await waiting).value?.map(({ type }) => type)).toEqual(['DELETED']);
    end.abort();
    expect((await events.next()).done).toBe(true);
  });

  it('answers 410 for a version whose changes are no longer kept, and to a reader that fell behind', async () => {
    const store = new MemoryStore({ history: 4 });
    const log = store.log('pods');
    const end = new AbortController();
    const slow = follow(log, log.placeAfter(0), () => true, end.signal);
    for (let count = 0; count < 20; count++) store.put('pods', 'a/x', pod('x', { count: String(count) }));
    expect(() => log.placeAfter(1)).toThrowError(/too old resource version: 1/);
    await expect(slow.next()).rejects.toMatchObject({ status: 410, code: 'Expired' });
    expect(log.placeAfter(store.version)).toBe(log.end);
  });

  it('shows a watcher objects that come into its sight as added and those that leave it as deleted', async () => {
    const store = new MemoryStore();
    const log = store.log('pods');
    const end = new AbortController();
    const matches = (object: { [key: string]: unknown }): boolean =>
      (object['metadata'] as { labels?: { app?: string } }).labels?.app === 'web';
    const events = follow(log, log.end, matches, end.signal);
    store.put('pods', 'a/x', pod('x'));
    store.put('pods', 'a/x', pod('x', { app: 'web' }));
    store.put('pods', 'a/x', pod('x', { app: 'web', more: '1' }));
    store.put('pods', 'a/x', pod('x', { app: 'other' }));
    store.remove('pods', 'a/x');
    const { value } = await events.next();
    expect(value?.map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
    // The last it saw, at the version at which it went out of sight.
    expect(value?.[2]?.object['metadata']).toMatchObject({ labels: { more: '1' }, resourceVersion: '4' });
    end.abort();
  });
});

describe('the store', () => {
  it('lists by key, in order, with objects frozen', () => {
    const store = new MemoryStore();
    for (const key of ['b/z', 'a/y', 'a-b/x']) store.put('pods', key, pod(key));
    const names = store.list('pods').objects.map((object) => (object['metadata'] as { name: string }).name);
    expect(names).toEqual(['a-b/x', 'a/y', 'b/z']);
    expect(store.list('pods', 'a').objects).toHaveLength(1);
    const [first] = store.list('pods').objects;
    expect(() => {
      Object.assign((first as { metadata: object }).metadata, { name: 'changed' });
    }).toThrow(TypeError);
  });
});

describe('the log of pods, followed by node', () => {
  const on = (node: string, name: string) => ({ ...pod(name), spec: { nodeName: node } });
  const nameOf = (object: object): unknown => Reflect.get(Object(Reflect.get(object, 'metadata')), 'name');
  const followNode = (store: MemoryStore, node: string, from: number) => {
    const end = new AbortController();
    const asked: unknown[] = [];
    const matches = (object: object): boolean => {
      asked.push(nameOf(object));
      return Reflect.get(Object(Reflect.get(object, 'spec')), 'nodeName') === node;
    };
    return { asked, end, events: follow(store.log('pods'), from, matches, end.signal, { topic: node }) };
  };

  it('wakes a watcher for its own node alone', async () => {
    const store = new MemoryStore();
    const { asked, end, events } = followNode(store, 'a', 0);
    const waiting = events.next();
    store.put('pods', 'n/x', on('b', 'x'));
    store.put('pods', 'n/y', pod('y'));
    store.put('pods', 'n/y', on('a', 'y'));
    const batch = await waiting;
    expect(batch.value?.map(({ type, object }) => [type, nameOf(object)])).toEqual([['ADDED', 'y']]);
    expect(asked).not.toContain('x');
    end.abort();
  });

  it('sees the pods that were bound before it began, and those that leave the node', async () => {
    const store = new MemoryStore();
    store.put('pods', 'n/x', on('a', 'x'));
    store.put('pods', 'n/x', on('b', 'x'));
    const { end, events } = followNode(store, 'a', 0);
    expect((await events.next()).value?.map(({ type }) => type)).toEqual(['ADDED', 'DELETED']);
    end.abort();
  });

  it('keeps a watcher of a quiet node through any number of changes elsewhere, and tells one that missed a change of its own', async () => {
    const store = new MemoryStore({ history: 4 });
    const quiet = followNode(store, 'a', 0);
    const slow = followNode(store, 'b', 0);
    const waiting = quiet.events.next();
    for (let count = 0; count < 20; count++) store.put('pods', `n/${count}`, on('b', String(count)));
    store.put('pods', 'n/y', on('a', 'y'));
    expect((await waiting).value?.map(({ object }) => nameOf(object))).toEqual(['y']);
    await expect(slow.events.next()).rejects.toMatchObject({ status: 410, code: 'Expired' });
    quiet.end.abort();
  });
});
