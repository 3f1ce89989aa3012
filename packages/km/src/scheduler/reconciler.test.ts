import type { SchedulerCallBody } from '@kmd/mesos-client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SchedulerMetrics } from './metrics.js';
import { Reconciler } from './reconciler.js';
import { TaskRegistry, type PodTask } from './registry.js';

const task = (taskId: string): PodTask => ({
  taskId,
  namespace: 'default',
  name: taskId,
  uid: taskId,
  agentId: 'S0',
  hostname: 'agent-0',
  controller: undefined,
  resources: [],
  progress: 'running',
  killed: false,
});

let registry: TaskRegistry;
let asked: string[][];
let metrics: SchedulerMetrics;
let reconciler: Reconciler;
const call = (body: SchedulerCallBody): Promise<void> => {
  if (body.type === 'RECONCILE') asked.push((body.reconcile.tasks ?? []).map(({ task_id: id }) => id.value));
  // The answer to a call says nothing: what counts is the updates.
  return Promise.reject(new Error('unreachable'));
};

beforeEach(() => {
  vi.useFakeTimers();
  registry = new TaskRegistry();
  asked = [];
  metrics = new SchedulerMetrics();
  reconciler = new Reconciler({ registry, call, metrics });
  for (const id of ['a', 'b', 'c']) registry.add(task(id));
});
afterEach(() => {
  reconciler.stop();
  vi.useRealTimers();
});

it('asks of each task until the master has answered, with pauses that double', () => {
  reconciler.start();
  expect(asked).toEqual([['a', 'b', 'c']]);
  reconciler.answered('a');
  vi.advanceTimersByTime(1_000);
  expect(asked[1]).toEqual(['b', 'c']);
  vi.advanceTimersByTime(1_999);
  expect(asked).toHaveLength(2);
  vi.advanceTimersByTime(1);
  expect(asked[2]).toEqual(['b', 'c']);
  // One has ended meanwhile by itself: nothing is left to ask of it.
  const b = registry.get('b');
  if (b) registry.remove(b);
  reconciler.answered('c');
  vi.advanceTimersByTime(10_000);
  expect(asked).toHaveLength(3);
});

it('asks for everything after 15 s and then every 300 s, but not while it asks task by task', () => {
  reconciler.start();
  vi.advanceTimersByTime(15_000);
  expect(asked.every((tasks) => tasks.length > 0)).toBe(true);
  for (const id of ['a', 'b', 'c']) reconciler.answered(id);
  asked.length = 0;
  vi.advanceTimersByTime(300_000);
  expect(asked).toEqual([[]]);
  vi.advanceTimersByTime(300_000);
  expect(asked).toEqual([[], []]);
});

it('begins anew with each subscription, and counts what it does', () => {
  reconciler.start();
  reconciler.start();
  expect(asked).toEqual([
    ['a', 'b', 'c'],
    ['a', 'b', 'c'],
  ]);
  for (const id of ['a', 'b', 'c']) reconciler.answered(id);
  expect(reconciler.unanswered).toBe(0);
  expect(metrics.reconciliationRequested.value({ kind: 'explicit' })).toBe(2);
  expect(metrics.reconciliationCancelled.value()).toBe(1);
  expect(metrics.reconciliationLatency.count).toBe(1);
});

it('never waits longer than two minutes', () => {
  reconciler.start();
  vi.advanceTimersByTime(1_000 * (2 ** 7 - 1));
  asked.length = 0;
  vi.advanceTimersByTime(120_000);
  expect(asked).toHaveLength(1);
  vi.advanceTimersByTime(120_000);
  expect(asked).toHaveLength(2);
});
