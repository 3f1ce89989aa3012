import { describe, expect, it } from 'vitest';
import type { ReconcileTask, SchedulerCallBody } from '../index.js';
import { Reconciler } from './reconciler.js';

const tasks = (count: number): ReconcileTask[] =>
  Array.from({ length: count }, (_, index) => ({ task_id: { value: `t${index}` } }));
const answer = (id: string) => ({
  type: 'UPDATE' as const,
  update: {
    status: { task_id: { value: id }, state: 'TASK_RUNNING' as const, reason: 'REASON_RECONCILIATION' as const },
  },
});
const asked = (call: SchedulerCallBody | undefined) =>
  call?.type === 'RECONCILE' ? (call.reconcile.tasks ?? []).map(({ task_id: id }) => id.value) : undefined;

/** A reconciler whose waits end when the test says so. */
function reconcilerOf(list: readonly ReconcileTask[], options: { batch?: number; maxWait?: number } = {}) {
  const calls: SchedulerCallBody[] = [];
  const waits: { milliseconds: number; pass: () => void }[] = [];
  let wake: () => void = () => undefined;
  const reconciler = new Reconciler({
    tasks: () => list,
    call: (call) => Promise.resolve(void calls.push(call)),
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('the wait was ended')));
        waits.push({ milliseconds, pass: resolve });
        wake();
      }),
    interval: 0,
    ...options,
  });
  const waiting = async (count: number) => {
    while (waits.length < count) await new Promise<void>((resolve) => (wake = resolve));
  };
  return { reconciler, calls, waits, waiting };
}

describe('a reconciliation', () => {
  it('asks for every task until each is answered, then for all that the master knows', async () => {
    const { reconciler, calls, waits, waiting } = reconcilerOf(tasks(3));
    const run = reconciler.run();
    await waiting(1);
    reconciler.observe(answer('t0'));
    reconciler.observe(answer('stranger'));
    waits[0]?.pass();
    await waiting(2);
    expect(calls.map(asked)).toEqual([
      ['t0', 't1', 't2'],
      ['t1', 't2'],
    ]);
    reconciler.observe(answer('t2'));
    reconciler.observe(answer('t1'));
    expect(await run).toEqual({ attempts: 2, tasks: 3 });
    expect(calls.map(asked)).toEqual([['t0', 't1', 't2'], ['t1', 't2'], []]);
    expect(reconciler.running).toBe(false);
  });

  it('waits longer from time to time, up to a limit', async () => {
    const { reconciler, waits, waiting } = reconcilerOf(tasks(1), { maxWait: 30_000 });
    const run = reconciler.run();
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      await waiting(attempt);
      waits[attempt - 1]?.pass();
    }
    await waiting(6);
    expect(waits.map(({ milliseconds }) => milliseconds)).toEqual([5000, 10_000, 20_000, 30_000, 30_000, 30_000]);
    reconciler.observe(answer('t0'));
    expect((await run).attempts).toBe(6);
  });

  it('asks in batches, and for all at once when there is no task', async () => {
    const large = reconcilerOf(tasks(25), { batch: 10 });
    const run = large.reconciler.run();
    await large.waiting(1);
    expect(large.calls.map((call) => asked(call)?.length)).toEqual([10, 10, 5]);
    for (const { task_id: id } of tasks(25)) large.reconciler.observe(answer(id.value));
    expect(await run).toEqual({ attempts: 1, tasks: 25 });
    const none = reconcilerOf([]);
    expect(await none.reconciler.run()).toEqual({ attempts: 0, tasks: 0 });
    expect(none.calls.map(asked)).toEqual([[]]);
  });

  it('runs once at a time, begins with a subscription and ends with it', async () => {
    const { reconciler, calls, waiting } = reconcilerOf(tasks(1));
    reconciler.observe({ type: 'SUBSCRIBED', subscribed: { framework_id: { value: 'F' } } });
    const joined = reconciler.run();
    expect(reconciler.run()).toBe(joined);
    await waiting(1);
    expect(calls).toHaveLength(1);
    reconciler.observe({ type: 'DISCONNECTED', disconnected: { error: new Error('lost') } });
    await expect(joined).rejects.toThrow('lost');
    expect(reconciler.running).toBe(false);
    reconciler.observe({ type: 'SUBSCRIBED', subscribed: { framework_id: { value: 'F' } } });
    const second = reconciler.run();
    await waiting(2);
    reconciler.observe(answer('t0'));
    expect(await second).toEqual({ attempts: 1, tasks: 1 });
  });

  it('fails when the call does', async () => {
    const reconciler = new Reconciler({ tasks: () => tasks(1), call: () => Promise.reject(new Error('refused')) });
    await expect(reconciler.run()).rejects.toThrow('refused');
    expect(reconciler.running).toBe(false);
  });
});
