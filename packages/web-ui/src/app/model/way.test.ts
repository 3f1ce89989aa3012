import type { Event } from '@kmd/kube-client';
import { describe, expect, it } from 'vitest';
import type { StatusView, TaskView } from '../../mesos-view.js';
import { summaryOf, timingsOf } from './timing.js';
import type { Pod } from './pod.js';
import { wayOf } from './way.js';

const T0 = Date.UTC(2026, 5, 1, 12, 0, 0);
const at = (milliseconds: number): string => new Date(T0 + milliseconds).toISOString();
const second = (milliseconds: number): string => at(milliseconds).replace(/\.\d+Z/, 'Z');
const status = (state: string, time: number, rest: Partial<StatusView> = {}): StatusView => ({
  state,
  over: state === 'TASK_FAILED' || state === 'TASK_FINISHED' || state === 'TASK_KILLED',
  time: T0 + time,
  source: 'SOURCE_EXECUTOR',
  reason: undefined,
  message: undefined,
  ...rest,
});
const task = (...statuses: StatusView[]): TaskView => ({
  id: 'pod.1',
  name: 'web.default.pod',
  framework: 'f',
  agent: 'a',
  executor: 'e',
  state: statuses.at(-1)?.state ?? 'TASK_STAGING',
  over: statuses.at(-1)?.over ?? false,
  statuses,
  resources: { cpus: 0.1, mem: 64, disk: 0, gpus: 0, ports: 2, portRanges: '31000, 31002' },
  role: '*',
});
/** An event as client-go records it: with its nanoseconds in its name. */
const event = (reason: string, time: number, message = '', count = 1): Event => ({
  metadata: { name: `web.${(BigInt(T0 + time) * 1_000_000n).toString(16)}` },
  involvedObject: { name: 'web' },
  reason,
  message,
  count,
  firstTimestamp: second(time),
  lastTimestamp: second(time),
});
const waiting: Pod = {
  metadata: { name: 'web', namespace: 'default', creationTimestamp: second(0) },
  spec: { containers: [{ name: 'main', image: 'nginx' }] },
  status: { phase: 'Pending' },
};
const launched: Pod = {
  ...waiting,
  metadata: {
    ...waiting.metadata,
    annotations: {
      'k8s.mesosphere.io/taskId': 'pod.1',
      'k8s.mesosphere.io/slaveId': 'agent/1',
      'k8s.mesosphere.io/offerId': 'offer-1',
      'k8s.mesosphere.io/bindingHost': 'one',
      'kmd.dev/queued-at': at(110),
      'kmd.dev/offered-at': at(150),
      'kmd.dev/launched-at': at(160),
    },
  },
  spec: { ...waiting.spec!, nodeName: 'one' },
};
const ready: Pod = {
  ...launched,
  status: {
    phase: 'Running',
    conditions: [
      { type: 'PodScheduled', status: 'True', lastTransitionTime: second(300) },
      { type: 'Ready', status: 'True', lastTransitionTime: second(1_400) },
    ],
    containerStatuses: [{ name: 'main', ready: true, restartCount: 0, image: '', imageID: '', state: { running: {} } }],
  },
};
const ran = task(status('TASK_STARTING', 360), status('TASK_RUNNING', 460));
const states = (steps: ReturnType<typeof wayOf>): string[] => steps.map(({ title, state }) => `${title} ${state}`);

describe('the way of a pod', () => {
  it('waits, and says for what on which agent', () => {
    const steps = wayOf(waiting, undefined, [
      event('FailedScheduling', 5_020, '0/2 agents fit: one: cpus 64 wanted, 2 free; two: cpus 64 wanted, 4 free', 2),
      event('FailedScheduling', 1_020, '0/1 agents fit: one: cpus 64 wanted, 2 free'),
    ]);
    expect(states(steps)).toEqual([
      'Created done',
      'Waiting now',
      'Offer ahead',
      'Task ahead',
      'Executor ahead',
      'Bound ahead',
      'Running ahead',
      'Ready ahead',
    ]);
    expect(steps[1]).toMatchObject({
      moment: { time: T0 + 1_020, exact: true },
      notes: [
        { text: 'has looked in vain 3 times, last: 0/2 agents fit' },
        { text: 'one: cpus 64 wanted, 2 free' },
        { text: 'two: cpus 64 wanted, 4 free' },
      ],
    });
    expect(timingsOf(steps, T0 + 11_020)[1]).toEqual({ gap: 'for 10 s', stretch: { from: 0, to: 100 } });
    expect(summaryOf(steps)).toBeUndefined();
  });

  it('tells each step to the millisecond, and what it took of the whole', () => {
    const steps = wayOf(ready, ran, [event('Scheduled', 340)]);
    expect(steps.every(({ state }) => state === 'done')).toBe(true);
    expect(steps.map(({ title, moment }) => [title, moment && moment.time - T0, moment?.exact])).toEqual([
      ['Created', 0, false],
      ['Waiting', 110, true],
      ['Offer', 150, true],
      ['Task', 160, true],
      // It was bound before it said that it starts: by then the executor had it.
      ['Executor', 340, true],
      ['Bound', 340, true],
      ['Running', 460, true],
      ['Ready', 1_000, false],
    ]);
    expect(steps[3]?.notes).toEqual([
      { text: 'takes 0.1 CPU, 64 MiB, ports 31000, 31002 of it' },
      { text: 'TASK_RUNNING,', link: { href: '/mesos/tasks/pod.1', text: 'pod.1' } },
    ]);
    expect(timingsOf(steps, T0 + 60_000).map(({ gap }) => gap)).toEqual([
      '',
      '',
      '+40 ms',
      '+10 ms',
      '+180 ms',
      '+0 ms',
      '+120 ms',
      '',
    ]);
    expect(timingsOf(steps, T0)[4]?.stretch).toEqual({ from: (100 * 50) / 350, to: (100 * 230) / 350 });
    expect(summaryOf(steps)).toBe(
      'Running 350 ms after the scheduler saw it: 50 ms until an offer was accepted, 180 ms until the executor had the task, 120 ms until the containers ran.',
    );
    expect(steps[2]?.notes[1]?.link).toEqual({ href: '/mesos/agents/agent%2F1', text: 'one' });
  });

  it('knows by the binding that the executor has the task, when nothing else tells', () => {
    const steps = wayOf(ready, task(status('TASK_RUNNING', 460)), [event('Scheduled', 340)]);
    expect(steps[4]).toMatchObject({ title: 'Executor', moment: { time: T0 + 340, exact: true } });
    expect(summaryOf(steps)).toContain('180 ms until the executor had the task');
  });

  it('counts an offer that was in hand before as no time of the pod', () => {
    const early = structuredClone(ready);
    early.metadata!.annotations!['kmd.dev/offered-at'] = at(-4_890);
    const steps = wayOf(early, ran, [event('Scheduled', 340)]);
    const timings = timingsOf(steps, T0);
    expect(timings[2]).toEqual({ gap: '5 s before', stretch: undefined });
    expect(timings[3]?.gap).toBe('+50 ms');
  });

  it('is under way between the launch and the first word of the executor', () => {
    const { spec, ...rest } = launched;
    const steps = wayOf({ ...rest, spec: { containers: spec!.containers } }, task(), []);
    expect(states(steps).slice(3, 6)).toEqual(['Task done', 'Executor now', 'Bound ahead']);
  });

  it('ends with what the executor said last', () => {
    const failed: Pod = { ...ready, status: { phase: 'Failed', reason: 'Evicted' } };
    const end = status('TASK_FAILED', 9_000, { reason: 'REASON_X', message: 'exit code 3' });
    const steps = wayOf(failed, task(...ran.statuses, end), []);
    expect(steps.at(-1)).toMatchObject({
      title: 'Evicted',
      state: 'bad',
      notes: [{ text: 'TASK_FAILED: REASON_X: exit code 3' }],
    });
  });

  it('says that Mesos has forgotten the task, but only if it knows', () => {
    const note = (found: 'gone' | undefined) => wayOf(ready, found, [])[3]?.notes[0]?.text;
    expect(note('gone')).toBe('pod.1, which Mesos no longer lists');
    expect(note(undefined)).toBe('pod.1');
  });

  it('leaves the scheduler out for a pod that names its node itself', () => {
    const fixed: Pod = { ...ready, metadata: { ...waiting.metadata } };
    expect(wayOf(fixed, undefined, []).map(({ title }) => title)).toEqual(['Created', 'Bound', 'Running', 'Ready']);
  });

  it('takes no time from a name that does not agree with the timestamp', () => {
    const odd = event('Scheduled', 340);
    odd.metadata = { name: 'web.0123456789abcdef' };
    const steps = wayOf(ready, ran, [odd]);
    expect(steps[5]?.moment).toEqual({ time: T0, exact: false });
  });
});
