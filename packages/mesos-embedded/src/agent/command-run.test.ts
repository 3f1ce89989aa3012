import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { cluster, isAlive } from '../../test/cluster.js';
import { launch, RawFramework, resources, task } from '../../test/raw-framework.js';

async function ready(capabilities: readonly 'TASK_KILLING_STATE'[] = []) {
  const mesos = await cluster();
  const framework = await RawFramework.subscribe(mesos.master.url, {
    capabilities: [{ type: 'MULTI_ROLE' }, ...capabilities.map((type) => ({ type }))],
  });
  const offer = await framework.offer();
  const run = async (id: string, fields: object): Promise<void> => {
    await framework.accept(offer, [launch(task(id, offer, fields))]);
  };
  const kill = (id: string, kill_policy?: object) =>
    framework.call({ type: 'KILL', kill: { task_id: { value: id }, agent_id: offer.agent_id, kill_policy } });
  return { mesos, framework, offer, run, kill };
}

describe('a task with a command', () => {
  const ends: readonly [command: string, state: string, message: string][] = [
    ['exit 0', 'TASK_FINISHED', 'Command exited with status 0'],
    ['exit 7', 'TASK_FAILED', 'Command exited with status 7'],
    ['/no/such/program', 'TASK_FAILED', 'Command exited with status 127'],
    ['kill -9 $$', 'TASK_FAILED', 'Command terminated with signal Killed'],
  ];
  it.each(ends)('%s ends in %s: %s', async (value, state, message) => {
    const { framework, run } = await ready();
    await run('t', { command: { value } });
    expect((await framework.update('t')).state).toBe('TASK_STARTING');
    expect((await framework.update('t')).state).toBe('TASK_RUNNING');
    const end = await framework.update('t');
    expect(end).toMatchObject({ state, message, source: 'SOURCE_EXECUTOR', executor_id: { value: 't' } });
  });

  it('runs in its sandbox with its environment, and writes stdout and stderr there', async () => {
    const { mesos, framework, run } = await ready();
    const variables = [{ name: 'GREETING', value: 'hello' }];
    await run('t', { command: { value: 'pwd; echo $GREETING; echo oops >&2', environment: { variables } } });
    await framework.update('t', 'TASK_FINISHED');
    const path = `agent1/slaves/${mesos.agents[0]?.id ?? ''}/frameworks/${framework.id}/executors/t/runs/latest`;
    const folder = join(mesos.workDir, path);
    const [directory = '', greeting] = (await readFile(join(folder, 'stdout'), 'utf8')).split('\n');
    expect(directory).toContain(`/frameworks/${framework.id}/executors/t/runs/`);
    expect(greeting).toBe('hello');
    // Mesos' executor logs there as well (trace 40-operator-agent/17: 545 bytes of it, beside the 12 that the command wrote).
    const log = (await readFile(join(folder, 'stderr'), 'utf8')).split('\n');
    const texts = log.map((line) => line.replace(/^I\d{8} \d\d:\d\d:\d\d\.\d{6} [ \d]{5,} /, ''));
    expect(texts.slice(0, 6)).toEqual([
      'exec.cpp:164] Version: 1.11.0',
      `exec.cpp:237] Executor registered on agent ${mesos.agents[0]?.id ?? ''}`,
      'executor.cpp:190] Received SUBSCRIBED event',
      'executor.cpp:194] Subscribed executor on agent1',
      'executor.cpp:190] Received LAUNCH event',
      'executor.cpp:722] Starting task t',
    ]);
    expect(texts).toContain('oops');
  });

  it('may be followed at once by another of its id, in a sandbox of its own', async () => {
    const { framework, offer, run } = await ready();
    await run('t', { command: { value: 'exit 0' } });
    const first = await framework.update('t', 'TASK_FINISHED');
    const next = await framework.offer();
    await framework.accept(next, [launch(task('t', offer, { command: { value: 'exit 1' } }))]);
    const second = await framework.update('t', 'TASK_FAILED');
    expect(second.container_status?.container_id).not.toEqual(first.container_status?.container_id);
  });

  it('runs without a shell when told so', async () => {
    const { framework, run } = await ready();
    await run('t', { command: { shell: false, value: '/bin/sh', arguments: ['sh', '-c', 'exit 5'] } });
    expect(await framework.update('t', 'TASK_FAILED')).toMatchObject({ message: 'Command exited with status 5' });
  });

  it('is killed with SIGTERM, and is TASK_KILLING for those who know that state', async () => {
    const { framework, run, kill } = await ready(['TASK_KILLING_STATE']);
    await run('t', { command: { value: 'sleep 1000' } });
    await framework.update('t', 'TASK_RUNNING');
    await kill('t');
    expect((await framework.update('t')).state).toBe('TASK_KILLING');
    expect(await framework.update('t')).toMatchObject({
      state: 'TASK_KILLED',
      message: 'Command terminated with signal Terminated',
    });
  });

  it('that ignores SIGTERM is killed after the grace period, with all it started', async () => {
    const { mesos, framework, run, kill } = await ready();
    await run('t', { command: { value: "trap '' TERM; sleep 1000 & echo $!; while :; do sleep 1000; done" } });
    await framework.update('t', 'TASK_RUNNING');
    const path = `agent1/slaves/${mesos.agents[0]?.id ?? ''}/frameworks/${framework.id}/executors/t/runs/latest/stdout`;
    const output = (): Promise<string> => readFile(join(mesos.workDir, path), 'utf8');
    await expect.poll(output).toMatch(/^\d+\n$/);
    const child = Number(await output());
    await kill('t', { grace_period: { nanoseconds: 50_000_000 } });
    expect(await framework.update('t')).toMatchObject({
      state: 'TASK_KILLED',
      message: 'Command terminated with signal Killed',
    });
    await expect.poll(() => isAlive(child)).toBe(false);
  });

  it('fails when its time is over', async () => {
    const { framework, run } = await ready();
    await run('t', { command: { value: 'sleep 1000' }, max_completion_time: { nanoseconds: 50_000_000 } });
    expect(await framework.update('t', 'TASK_FAILED')).toMatchObject({
      reason: 'REASON_MAX_COMPLETION_TIME_REACHED',
      message: 'Command terminated with signal Terminated',
    });
  });

  it('fails when a file it wants cannot be fetched', async () => {
    const { framework, run } = await ready();
    await run('t', { command: { value: 'true', uris: [{ value: '/no/such/file' }] } });
    const failed = await framework.update('t', 'TASK_FAILED');
    expect(failed).toMatchObject({ source: 'SOURCE_AGENT', reason: 'REASON_CONTAINER_LAUNCH_FAILED' });
    expect(failed.message).toMatch(/^Failed to launch container: Failed to fetch all URIs for container '.*': ENOENT/);
  });
});

describe('a group of tasks', () => {
  const group = (offer: { agent_id: object }, ...tasks: object[]): object => ({
    type: 'LAUNCH_GROUP',
    launch_group: {
      executor: { type: 'DEFAULT', executor_id: { value: 'pod' }, resources: resources(0.1, 32) },
      task_group: { tasks: tasks.map((one) => ({ ...one, agent_id: offer.agent_id })) },
    },
  });

  it('dies with one of its tasks, and its executor ends after it', async () => {
    const { framework, offer, kill } = await ready();
    const one = task('g1', offer, { command: { value: 'sleep 1000' } });
    const two = task('g2', offer, { command: { value: 'sleep 1000' } });
    await framework.accept(offer, [group(offer, one, two)]);
    const running = await framework.update('g1', 'TASK_RUNNING');
    expect(running.container_status?.container_id?.parent?.value).toMatch(/^[0-9a-f-]{36}$/);
    await framework.update('g2', 'TASK_RUNNING');
    await kill('g1');
    expect((await framework.update('g1')).state).toBe('TASK_KILLED');
    expect((await framework.update('g2')).state).toBe('TASK_KILLED');
    expect((await framework.events.next('FAILURE')).failure).toEqual({
      agent_id: offer.agent_id,
      executor_id: { value: 'pod' },
      status: 0,
    });
  });

  it('is refused as a whole when its executor is invalid', async () => {
    const { framework, offer } = await ready();
    const operation = {
      type: 'LAUNCH_GROUP',
      launch_group: {
        executor: { type: 'DEFAULT', executor_id: { value: 'pod' }, command: { value: 'x' } },
        task_group: { tasks: [task('i1', offer, { command: { value: 'true' } })] },
      },
    };
    await framework.accept(offer, [operation]);
    expect(await framework.update('i1')).toMatchObject({
      state: 'TASK_ERROR',
      reason: 'REASON_TASK_GROUP_INVALID',
      message: "'ExecutorInfo.command' must not be set for 'DEFAULT' executor",
    });
  });
});
