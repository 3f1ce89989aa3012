import { describe, expect, it } from 'vitest';
import { ManualClock } from './testing/manual-clock.js';
import { WorkQueue } from './work-queue.js';

/** A queue whose runs the test ends by hand. */
function setUp(options: { workers?: number; pace?: number } = {}) {
  const clock = new ManualClock();
  const started: string[] = [];
  const ends: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const errors: { key: string; retryAfter: number }[] = [];
  const queue = new WorkQueue({
    ...options,
    clock,
    reconcile: (key) => {
      started.push(key);
      return new Promise((resolve, reject) => ends.push({ resolve, reject }));
    },
    onError: (key, _error, retryAfter) => errors.push({ key, retryAfter }),
  });
  const settle = () => clock.advance(0);
  return { clock, queue, started, ends, errors, settle };
}

describe('WorkQueue', () => {
  it('does nothing before it is started', async () => {
    const { queue, started, settle } = setUp();
    queue.add('a');
    await settle();
    expect(started).toEqual([]);
    queue.start();
    expect(started).toEqual(['a']);
  });

  it('works on a key once however often it is added while it waits', () => {
    const { queue, started } = setUp({ workers: 1 });
    queue.add('a');
    queue.add('b');
    queue.add('b');
    queue.start();
    expect(started).toEqual(['a']);
    expect(queue.size).toBe(2);
  });

  it('works on a key again, and never twice at once, when it is added while it is worked on', async () => {
    const { queue, started, ends, settle } = setUp();
    queue.start();
    queue.add('a');
    queue.add('a');
    queue.add('a');
    expect(started).toEqual(['a']);
    ends[0]?.resolve();
    await settle();
    expect(started).toEqual(['a', 'a']);
    ends[1]?.resolve();
    await settle();
    expect(queue.size).toBe(0);
  });

  it('keeps to its number of workers', async () => {
    const { queue, started, ends, settle } = setUp({ workers: 2 });
    queue.start();
    for (const key of ['a', 'b', 'c']) queue.add(key);
    expect(started).toEqual(['a', 'b']);
    ends[1]?.resolve();
    await settle();
    expect(started).toEqual(['a', 'b', 'c']);
  });

  it('tries a failed key again after 5 ms, then twice as long each time, and from 5 ms again after a success', async () => {
    const { clock, queue, started, ends, errors, settle } = setUp();
    queue.start();
    queue.add('a');
    for (const [index, delay] of [5, 10, 20].entries()) {
      ends[index]?.reject(new Error('no'));
      await settle();
      expect(clock.sleeping).toEqual([delay]);
      await clock.advance(delay);
      expect(started).toHaveLength(index + 2);
    }
    ends[3]?.resolve();
    await settle();
    queue.add('a');
    ends[4]?.reject(new Error('no'));
    await settle();
    expect(clock.sleeping).toEqual([5]);
    expect(errors.map(({ retryAfter }) => retryAfter)).toEqual([5, 10, 20, 5]);
  });

  it('starts a key at once and then no more often than its pace', async () => {
    const { clock, queue, started, ends, settle } = setUp({ pace: 100 });
    queue.start();
    queue.add('a');
    expect(started).toHaveLength(1);
    queue.add('a');
    ends[0]?.resolve();
    await settle();
    queue.add('a');
    expect(started).toHaveLength(1);
    await clock.advance(99);
    expect(started).toHaveLength(1);
    await clock.advance(1);
    expect(started).toHaveLength(2);
  });

  it('takes the shortest of several delays', async () => {
    const { clock, queue, started } = setUp();
    queue.start();
    queue.addAfter('a', 1000);
    queue.addAfter('a', 10);
    queue.addAfter('a', 500);
    await clock.advance(10);
    expect(started).toEqual(['a']);
    expect(clock.sleeping).toEqual([]);
  });

  it('closes when what runs has ended, and starts nothing more', async () => {
    const { clock, queue, started, ends, settle } = setUp({ workers: 1 });
    queue.start();
    queue.add('a');
    queue.add('b');
    queue.addAfter('c', 10);
    let closed = false;
    const closing = queue.close().then(() => (closed = true));
    await settle();
    expect(closed).toBe(false);
    ends[0]?.resolve();
    await closing;
    await clock.advance(10);
    queue.add('d');
    expect(started).toEqual(['a']);
  });
});
