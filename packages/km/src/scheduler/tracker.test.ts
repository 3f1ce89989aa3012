import { createInformer, pods, silentLogger } from '@kmd/kube-client';
import type { SchedulerCallBody } from '@kmd/mesos-client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FakeKube } from '../../test/fake-kube.js';
import type { TaskProgress } from './outcome.js';
import type { PodTask } from './registry.js';
import { TaskTracker } from './tracker.js';

let sent: SchedulerCallBody['type'][];
let tracker: TaskTracker;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  const kube = new FakeKube();
  tracker = new TaskTracker({
    kube,
    pods: createInformer(kube, pods),
    events: { record: () => undefined, flush: () => Promise.resolve() },
    logger: silentLogger,
    signal: new AbortController().signal,
    send: ({ type }) => sent.push(type),
    settled: () => undefined,
    requeue: () => undefined,
  });
});
afterEach(() => {
  tracker.close();
  vi.useRealTimers();
});

function add(progress: TaskProgress): PodTask {
  const task: PodTask = {
    taskId: 'task',
    namespace: 'default',
    name: 'pod',
    uid: 'uid',
    agentId: 'S0',
    hostname: 'agent-0',
    controller: undefined,
    resources: [],
    progress,
    killed: false,
  };
  tracker.registry.add(task);
  return task;
}

it('says nothing of the task of a pod that is gone where its executor ends it', () => {
  tracker.release(add('running'));
  tracker.update({ task_id: { value: 'task' }, state: 'TASK_KILLED', source: 'SOURCE_EXECUTOR' });
  vi.advanceTimersByTime(60_000);
  expect(sent).toEqual([]);
});

it('has the task of a pod that is gone killed where its executor does not end it', () => {
  tracker.release(add('running'));
  expect(sent).toEqual([]);
  vi.advanceTimersByTime(60_000);
  expect(sent).toEqual(['KILL']);
});

it('has the task of a pod that is gone killed at once where its executor may not know the pod yet', () => {
  tracker.release(add('launched'));
  expect(sent).toEqual(['KILL']);
});
