import type { Pod, PodStatus } from '@kmd/kube-client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  HOLLOW_EXIT_AFTER,
  HOLLOW_EXIT_CODE,
  HOLLOW_LOG,
  HOLLOW_LOG_EVERY,
  HOLLOW_READY_AFTER,
  HOLLOW_START_AFTER,
  HOLLOW_UNHEALTHY_AFTER,
} from '../annotation.js';
import { hollowRuntime } from './hollow.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function start(annotations: Record<string, string>, spec: Partial<NonNullable<Pod['spec']>> = {}) {
  const reports: PodStatus[] = [];
  const pod: Pod = {
    metadata: { name: 'p', namespace: 'default', annotations },
    spec: { containers: [{ name: 'c', image: 'redis:7' }], ...spec },
  };
  const run = hollowRuntime.start(pod, {
    hostIP: '127.0.0.1',
    podIP: '10.2.0.2',
    report: (status) => reports.push(status),
  });
  return { run, reports, last: () => reports.at(-1) };
}
const condition = (status: PodStatus | undefined, type: string) =>
  status?.conditions?.find((candidate) => candidate.type === type)?.status;

it('runs at once, in one report', () => {
  const { reports, last } = start({}, { initContainers: [{ name: 'i', image: 'busybox' }] });
  expect(reports).toHaveLength(1);
  const status = last();
  expect(status?.phase).toBe('Running');
  for (const type of ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'])
    expect(condition(status, type)).toBe('True');
  expect(status?.podIP).toBe('10.2.0.2');
  expect(status?.containerStatuses?.[0]).toMatchObject({
    name: 'c',
    ready: true,
    started: true,
    restartCount: 0,
    image: 'redis:7',
  });
  expect(status?.containerStatuses?.[0]?.containerID).toMatch(/^hollow:\/\/[0-9a-f]{64}$/);
  expect(status?.initContainerStatuses?.[0]?.state?.terminated?.reason).toBe('Completed');
});

it('says in its log that it is hollow', () => {
  const { run } = start({});
  expect(run.log('c')?.lines[0]?.text).toBe(
    'container c of image redis:7 is hollow: the embedded runtime runs no containers',
  );
  expect(run.log('other')).toBeUndefined();
  expect(run.log('c', true)).toBeUndefined();
});

it('is created first when it takes time to start', () => {
  const { reports } = start({ [HOLLOW_START_AFTER]: '2s' });
  expect(reports[0]?.phase).toBe('Pending');
  expect(reports[0]?.containerStatuses?.[0]?.state?.waiting?.reason).toBe('ContainerCreating');
  expect(condition(reports[0], 'Ready')).toBe('False');
  vi.advanceTimersByTime(2_000);
  expect(reports[1]?.phase).toBe('Running');
});

it.each([
  ['Never', '0', 'Succeeded'],
  ['Never', '3', 'Failed'],
  ['OnFailure', '0', 'Succeeded'],
])('with restartPolicy %s and exit code %s ends as %s', (restartPolicy, code, phase) => {
  const { last } = start(
    { [HOLLOW_EXIT_AFTER]: '5s', [HOLLOW_EXIT_CODE]: code },
    { restartPolicy: restartPolicy as 'Never' | 'OnFailure' },
  );
  vi.advanceTimersByTime(5_000);
  expect(last()?.phase).toBe(phase);
  expect(last()?.containerStatuses?.[0]?.state?.terminated?.exitCode).toBe(Number(code));
  expect(condition(last(), 'Ready')).toBe('False');
});

it('restarts, then backs off', () => {
  const { run, last } = start({ [HOLLOW_EXIT_AFTER]: '1s', [HOLLOW_EXIT_CODE]: '1' });
  vi.advanceTimersByTime(1_001);
  expect(last()?.containerStatuses?.[0]).toMatchObject({ restartCount: 1, ready: true });
  expect(run.log('c', true)?.ended).toBe(true);
  vi.advanceTimersByTime(1_001);
  expect(last()?.containerStatuses?.[0]?.state?.waiting?.reason).toBe('CrashLoopBackOff');
  expect(last()?.phase).toBe('Running');
  vi.advanceTimersByTime(10_000);
  expect(last()?.containerStatuses?.[0]).toMatchObject({ restartCount: 2, ready: true });
});

it('reports nothing after it was stopped', async () => {
  const { run, reports } = start({ [HOLLOW_EXIT_AFTER]: '1s' });
  await run.stop(30);
  vi.advanceTimersByTime(60_000);
  expect(reports).toHaveLength(1);
  expect(run.log('c')?.ended).toBe(true);
});

it('runs init containers one after the other, each for its own time', () => {
  const { reports, last } = start(
    { [`${HOLLOW_EXIT_AFTER}.first`]: '1s', [`${HOLLOW_EXIT_AFTER}.second`]: '2s' },
    { initContainers: [{ name: 'first' }, { name: 'second' }] },
  );
  expect(last()?.phase).toBe('Pending');
  expect(condition(last(), 'Initialized')).toBe('False');
  expect(last()?.initContainerStatuses?.map(({ state }) => Object.keys(state ?? {})[0])).toEqual([
    'running',
    'waiting',
  ]);
  vi.advanceTimersByTime(1_000);
  expect(last()?.initContainerStatuses?.map(({ state }) => Object.keys(state ?? {})[0])).toEqual([
    'terminated',
    'running',
  ]);
  vi.advanceTimersByTime(2_000);
  expect(last()?.phase).toBe('Running');
  expect(condition(last(), 'Ready')).toBe('True');
  expect(reports).toHaveLength(3);
});

it('fails when an init container fails and may not run again; else it is tried again', () => {
  const annotations = { [`${HOLLOW_EXIT_CODE}.i`]: '4' };
  const never = start(annotations, { restartPolicy: 'Never', initContainers: [{ name: 'i' }] });
  expect(never.last()?.phase).toBe('Failed');
  expect(never.last()?.containerStatuses?.[0]?.state?.waiting?.reason).toBe('ContainerCreating');
  const always = start(annotations, { initContainers: [{ name: 'i' }] });
  expect(always.last()?.phase).toBe('Pending');
  vi.advanceTimersByTime(1);
  expect(always.last()?.initContainerStatuses?.[0]).toMatchObject({
    restartCount: 1,
    state: { waiting: { reason: 'CrashLoopBackOff' } },
  });
});

it('stops sidecars when the others have completed', () => {
  const sidecar = { name: 's', restartPolicy: 'Always' };
  const { last } = start({ [`${HOLLOW_EXIT_AFTER}.c`]: '1s' }, { restartPolicy: 'Never', initContainers: [sidecar] });
  expect(last()?.initContainerStatuses?.[0]?.state?.running).toBeDefined();
  vi.advanceTimersByTime(1_000);
  expect(last()?.phase).toBe('Succeeded');
  expect(last()?.initContainerStatuses?.[0]?.state?.terminated).toBeDefined();
});

it('becomes ready when it is annotated to, and is restarted when its liveness probe fails', async () => {
  const probe = { httpGet: { port: 80 } };
  const { last } = start(
    { [HOLLOW_READY_AFTER]: '3s', [HOLLOW_UNHEALTHY_AFTER]: '10s' },
    { containers: [{ name: 'c', readinessProbe: probe, livenessProbe: probe }] },
  );
  await vi.advanceTimersByTimeAsync(0);
  expect(last()?.phase).toBe('Running');
  expect(last()?.containerStatuses?.[0]?.ready).toBe(false);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(condition(last(), 'Ready')).toBe('True');
  await vi.advanceTimersByTimeAsync(7_001);
  expect(last()?.containerStatuses?.[0]).toMatchObject({
    restartCount: 1,
    lastState: { terminated: { exitCode: 143, signal: 15 } },
  });
});

it('passes its probes at once when nothing else is said', async () => {
  const probe = { httpGet: { port: 80 }, initialDelaySeconds: 30 };
  const { last } = start({}, { containers: [{ name: 'c', readinessProbe: probe, startupProbe: probe }] });
  await vi.advanceTimersByTimeAsync(0);
  expect(condition(last(), 'Ready')).toBe('True');
});

it('logs what it is annotated to', () => {
  const { run } = start({ [HOLLOW_LOG]: 'one\ntwo', [HOLLOW_LOG_EVERY]: '1s' });
  vi.advanceTimersByTime(1_500);
  expect(
    run
      .log('c')
      ?.lines.map(({ text }) => text)
      .slice(1),
  ).toEqual(['one', 'two', 'one', 'two']);
});
