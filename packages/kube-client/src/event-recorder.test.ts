import { describe, expect, it } from 'vitest';
import type { KubeApi, KubeObject, PatchOptions, Resource } from './api.js';
import { KubeError } from './errors.js';
import { createEventRecorder } from './event-recorder.js';
import type { Event, Pod } from './index.js';

const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', namespace: 'ns', uid: 'u1', resourceVersion: '7' },
};
const failed = (message: string) => ({ type: 'Warning', reason: 'FailedScheduling', message }) as const;

/** A store of events, and a recorder that writes into it at a time of the test's choosing. */
function setUp() {
  const stored = new Map<string, Event>();
  const state = { now: Date.UTC(2024, 0, 1), down: false };
  const refuse = (): never => {
    throw new Error('not needed here');
  };
  const unreachable = new KubeError(0, 'Unreachable', 'down');
  const api: KubeApi = {
    get: refuse,
    list: refuse,
    watch: refuse,
    update: refuse,
    delete: refuse,
    createSubresource: refuse,
    async create<T extends KubeObject>(_: Resource<T>, object: T) {
      if (state.down) throw unreachable;
      const event = object as unknown as Event;
      stored.set(event.metadata.name ?? '', event);
      return object;
    },
    async patch<T extends KubeObject>(_: Resource<T>, name: string, patch: unknown, options: PatchOptions) {
      if (state.down) throw unreachable;
      const known = stored.get(name);
      if (known === undefined) throw new KubeError(404, 'NotFound', 'gone');
      expect(options).toEqual({ namespace: 'ns', type: 'merge' });
      const next = { ...known, ...(patch as Partial<Event>) };
      stored.set(name, next);
      return next as unknown as T;
    },
  };
  const warned: unknown[] = [];
  const recorder = createEventRecorder(api, {
    component: 'scheduler',
    host: 'h1',
    clock: { now: () => state.now, sleep: refuse },
    logger: {
      debug: () => undefined,
      info: () => undefined,
      error: () => undefined,
      warn: (fields) => warned.push(fields),
    },
  });
  return { recorder, stored, state, warned, events: () => [...stored.values()] };
}

describe('createEventRecorder', () => {
  it('writes who says what about which object', async () => {
    const { recorder, events } = setUp();
    recorder.record(pod, failed('no offer fits'));
    await recorder.flush();
    expect(events()).toEqual([
      {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: expect.stringMatching(/^a\.[0-9a-f]+$/) as string, namespace: 'ns' },
        involvedObject: { apiVersion: 'v1', kind: 'Pod', name: 'a', namespace: 'ns', uid: 'u1', resourceVersion: '7' },
        ...failed('no offer fits'),
        count: 1,
        firstTimestamp: '2024-01-01T00:00:00Z',
        lastTimestamp: '2024-01-01T00:00:00Z',
        source: { component: 'scheduler', host: 'h1' },
        reportingComponent: 'scheduler',
        reportingInstance: 'h1',
      },
    ]);
  });

  it('counts a repetition instead of writing it again, and begins anew when the event is gone', async () => {
    const { recorder, stored, state, events } = setUp();
    recorder.record(pod, failed('no offer fits'));
    state.now += 5_000;
    recorder.record(pod, failed('no offer fits'));
    recorder.record(pod, { type: 'Normal', reason: 'Scheduled', message: 'at last' });
    await recorder.flush();
    expect(
      events().map(({ reason, count, firstTimestamp, lastTimestamp }) => [
        reason,
        count,
        firstTimestamp,
        lastTimestamp,
      ]),
    ).toEqual([
      ['FailedScheduling', 2, '2024-01-01T00:00:00Z', '2024-01-01T00:00:05Z'],
      ['Scheduled', 1, '2024-01-01T00:00:05Z', '2024-01-01T00:00:05Z'],
    ]);
    stored.clear();
    recorder.record(pod, failed('no offer fits'));
    await recorder.flush();
    expect(events()).toMatchObject([{ count: 3 }]);
  });

  it('combines what differs only in its message from the tenth on', async () => {
    const { recorder, events } = setUp();
    for (let i = 0; i < 12; i++) recorder.record(pod, failed(`missing ${i} MB`));
    await recorder.flush();
    expect(events()).toHaveLength(10);
    expect(events().at(-1)).toMatchObject({ count: 3, message: '(combined from similar events): missing 11 MB' });
  });

  it('gives one object 25 events at once, then one in five minutes', async () => {
    const { recorder, state, events } = setUp();
    const record = (i: number): void => recorder.record(pod, { type: 'Normal', reason: `R${i}`, message: 'm' });
    for (let i = 0; i < 40; i++) record(i);
    await recorder.flush();
    expect(events()).toHaveLength(25);
    state.now += 300_000;
    record(100);
    record(101);
    recorder.record({ ...pod, metadata: { ...pod.metadata, name: 'b', uid: 'u2' } }, failed('another object'));
    await recorder.flush();
    expect(
      events()
        .slice(25)
        .map(({ reason }) => reason),
    ).toEqual(['R100', 'FailedScheduling']);
  });

  it('never throws: what cannot be written is logged', async () => {
    const { recorder, state, events, warned } = setUp();
    state.down = true;
    recorder.record(pod, failed('unheard'));
    await recorder.flush();
    expect(warned).toHaveLength(1);
    state.down = false;
    recorder.record({ kind: 'Node', name: 'n1', uid: 'n1' }, { type: 'Normal', reason: 'Ready', message: 'm' });
    await recorder.flush();
    expect(events()).toMatchObject([
      { metadata: { namespace: 'default' }, involvedObject: { kind: 'Node', name: 'n1' } },
    ]);
  });
});
