import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { scalarOf, type FrameworkInfo, type Resource, type TaskStatus } from '@kmd/mesos-client';
import { describe, expect, it } from 'vitest';

import { cluster, isAlive, oneAgent } from '../../test/cluster.js';
import { launch, postJson, RawFramework, resources, task } from '../../test/raw-framework.js';
import type { RunningAgent } from '../index.js';

const program = fileURLToPath(new URL('../../testdata/executor.mjs', import.meta.url));

function executor(mode: string): object {
  return {
    executor_id: { value: 'ex' },
    command: {
      value: `exec '${process.execPath}' '${program}'`,
      environment: { variables: [{ name: 'MODE', value: mode }] },
    },
    resources: resources(0.1, 32),
  };
}

async function ready(info: Partial<FrameworkInfo> = {}) {
  const mesos = await cluster({
    agents: [{ ...oneAgent, flags: { executorReregistrationTimeout: 5000 } }],
  });
  const framework = await RawFramework.subscribe(mesos.master.url, {
    checkpoint: true,
    failover_timeout: 60,
    ...info,
  });
  const agent = (): RunningAgent => {
    const [first] = mesos.agents;
    if (first === undefined) throw new Error('no agent');
    return first;
  };
  const restart = (changes: Parameters<typeof mesos.restartAgent>[1] = {}) => mesos.restartAgent(agent(), changes);
  const offer = await framework.offer();
  const run = (...tasks: object[]) => framework.accept(offer, [launch(...tasks)]);
  const kill = (id: string) =>
    framework.call({ type: 'KILL', kill: { task_id: { value: id }, agent_id: offer.agent_id } });
  const sandbox = (executorId: string): string =>
    join(mesos.workDir, `agent1/slaves/${agent().id}/frameworks/${framework.id}/executors/${executorId}/runs/latest`);
  return { mesos, framework, offer, agent, restart, run, kill, sandbox };
}

function pidOf(status: TaskStatus): number {
  return status.container_status?.executor_pid ?? 0;
}

describe('after a restart of its agent', () => {
  it('an executor that checkpoints comes back, with what it had to tell, and goes on', async () => {
    const { mesos, framework, offer, agent, restart, run, kill } = await ready();
    const id = agent().id;
    await run(
      task('c1', offer, { executor: executor('reconnect') }),
      task('c2', offer, { executor: executor('reconnect') }),
    );
    const running = await framework.update('c1', 'TASK_RUNNING');
    await framework.update('c2', 'TASK_RUNNING');
    await framework.call({
      type: 'MESSAGE',
      message: { agent_id: offer.agent_id, executor_id: { value: 'ex' }, data: btoa('later:c2') },
    });
    await framework.events.next('MESSAGE');
    await restart();
    expect(agent().id).toBe(id);
    const finished = await framework.update('c2', 'TASK_FINISHED');
    expect(finished).toMatchObject({
      message: 'finished while agent was down',
      source: 'SOURCE_EXECUTOR',
      container_status: running.container_status,
    });
    expect(isAlive(pidOf(running))).toBe(true);
    const known = JSON.parse((await postJson(`${mesos.master.url}/api/v1`, { type: 'GET_AGENTS' })).body) as {
      get_agents: { agents: { allocated_resources: Resource[] }[] };
    };
    expect(scalarOf(known.get_agents.agents[0]?.allocated_resources ?? [], 'cpus')).toBe(0.2);
    await framework.call({ type: 'RECONCILE', reconcile: { tasks: [] } });
    expect(await framework.update('c1')).toMatchObject({
      state: 'TASK_RUNNING',
      reason: 'REASON_RECONCILIATION',
    });
    await kill('c1');
    expect(await framework.update('c1', 'TASK_KILLED')).toMatchObject({ message: 'as asked' });
    await framework.call({ type: 'TEARDOWN' });
    await expect.poll(() => isAlive(pidOf(running))).toBe(false);
  });

  const lost: readonly [capabilities: FrameworkInfo['capabilities'], state: string][] = [
    [[{ type: 'MULTI_ROLE' }], 'TASK_LOST'],
    [[{ type: 'MULTI_ROLE' }, { type: 'PARTITION_AWARE' }], 'TASK_GONE'],
  ];
  it.each(lost)('an executor that does not come back is ended: %j %s', async (capabilities, state) => {
    const { framework, offer, agent, restart, run } = await ready({ capabilities });
    await run(task('t', offer, { executor: executor('lost') }));
    const running = await framework.update('t', 'TASK_RUNNING');
    await restart({ flags: { executorReregistrationTimeout: 800 } });
    const refused = await postJson(`${agent().url}/api/v1`, { type: 'GET_STATE' });
    expect([refused.status, refused.body]).toEqual([503, 'Agent has not finished recovery']);
    const { failure } = await framework.events.next('FAILURE');
    expect(failure).toEqual({ agent_id: offer.agent_id, executor_id: { value: 'ex' }, status: 9 });
    expect(await framework.update('t')).toMatchObject({
      state,
      message: 'Executor did not reregister within 800ms',
      source: 'SOURCE_AGENT',
      reason: 'REASON_EXECUTOR_REREGISTRATION_TIMEOUT',
    });
    await expect.poll(() => isAlive(pidOf(running))).toBe(false);
  });

  it('nothing is left of a framework that does not checkpoint', async () => {
    const { framework, offer, agent, restart, run } = await ready({ checkpoint: false });
    await run(task('t', offer, { command: { value: 'exec sleep 1000' } }));
    const running = await framework.update('t', 'TASK_RUNNING');
    await restart();
    expect(await framework.update('t')).toMatchObject({
      state: 'TASK_LOST',
      message: 'Agent agent1 disconnected',
      reason: 'REASON_AGENT_DISCONNECTED',
    });
    await expect.poll(() => isAlive(-pidOf(running))).toBe(false);
    const answer = await postJson(`${agent().url}/api/v1`, { type: 'GET_TASKS' });
    expect(JSON.parse(answer.body)).toMatchObject({ get_tasks: { launched_tasks: [], completed_tasks: [] } });
  });

  it('commands run on, each started once, and are killed when told so', async () => {
    const { framework, offer, restart, run, kill, sandbox } = await ready();
    await run(
      task('t', offer, { command: { value: "trap 'exit 7' TERM; echo started; while :; do sleep 0.05; done" } }),
    );
    const running = await framework.update('t', 'TASK_RUNNING');
    await restart();
    await restart();
    expect(isAlive(pidOf(running))).toBe(true);
    await expect.poll(() => readFile(join(sandbox('t'), 'stdout'), 'utf8')).toBe('started\n');
    await kill('t');
    expect(await framework.update('t')).toMatchObject({
      state: 'TASK_KILLED',
      message: 'Command exited with status 7',
      container_status: running.container_status,
    });
    await expect.poll(() => isAlive(-pidOf(running))).toBe(false);
  });

  const ends: readonly [command: string, state: string, message: string][] = [
    ['exit 0', 'TASK_FINISHED', 'Command exited with status 0'],
    ['exit 137', 'TASK_FAILED', 'Command exited with status 137'],
    ['kill -9 $$', 'TASK_FAILED', 'Command terminated with signal Killed'],
  ];
  it.each(ends)('a command that ended meanwhile is told of: %s', async (end, state, message) => {
    const { mesos, framework, offer, agent, run, sandbox } = await ready();
    await run(task('t', offer, { command: { value: `while [ ! -f go ]; do sleep 0.05; done; ${end}` } }));
    const running = await framework.update('t', 'TASK_RUNNING');
    const folder = sandbox('t');
    await agent().faults.crash();
    await import('node:fs/promises').then(({ writeFile }) => writeFile(join(folder, 'go'), ''));
    await expect.poll(() => isAlive(-pidOf(running))).toBe(false);
    await mesos.restartAgent(agent());
    expect(await framework.update('t')).toMatchObject({ state, message, source: 'SOURCE_EXECUTOR' });
  });

  it('a group runs on, and shares its fate as before', async () => {
    const { framework, offer, restart, kill } = await ready();
    const group = {
      executor: { executor_id: { value: 'pod' }, type: 'DEFAULT', resources: resources(0.1, 32) },
      task_group: {
        tasks: ['g1', 'g2'].map((id) => task(id, offer, { command: { value: 'exec sleep 1000' } })),
      },
    };
    await framework.accept(offer, [{ type: 'LAUNCH_GROUP', launch_group: group }]);
    const pids = [await framework.update('g1', 'TASK_RUNNING'), await framework.update('g2', 'TASK_RUNNING')].map(
      pidOf,
    );
    await restart();
    expect(pids.map(isAlive)).toEqual([true, true]);
    await kill('g1');
    expect(await framework.update('g2')).toMatchObject({ state: 'TASK_KILLED' });
    expect((await framework.events.next('FAILURE')).failure).toMatchObject({
      executor_id: { value: 'pod' },
      status: 0,
    });
  });

  it('what was not acknowledged is told again, under the same uuid', async () => {
    const { framework, offer, restart, run } = await ready();
    await run(task('t', offer, { command: { value: 'exit 3' } }));
    const starting = await framework.update('t', 'TASK_STARTING', false);
    await restart();
    expect(await framework.update('t', undefined, false)).toEqual(starting);
    await framework.acknowledge(starting);
    // It may be told twice: when the agent has registered, and when it has heard of the framework (trace 32).
    await framework.update('t', 'TASK_RUNNING');
    expect(await framework.update('t')).toMatchObject({
      state: 'TASK_FAILED',
      message: 'Command exited with status 3',
    });
  });

  it('a kill that was under way goes on', async () => {
    const { framework, offer, restart, run, kill, sandbox } = await ready();
    const kill_policy = { grace_period: { nanoseconds: 400_000_000 } };
    const value = "trap '' TERM; echo deaf; while :; do sleep 0.05; done";
    await run(task('t', offer, { kill_policy, command: { value } }));
    await framework.update('t', 'TASK_RUNNING');
    await expect.poll(() => readFile(join(sandbox('t'), 'stdout'), 'utf8')).toBe('deaf\n');
    await kill('t');
    await restart();
    expect(await framework.update('t')).toMatchObject({
      state: 'TASK_KILLED',
      message: 'Command terminated with signal Killed',
    });
  });

  it('a task that was killed meanwhile is killed then', async () => {
    const { mesos, framework, offer, agent, run, kill } = await ready();
    await run(task('t', offer, { command: { value: 'exec sleep 1000' } }));
    await framework.update('t', 'TASK_RUNNING');
    await agent().faults.crash();
    await kill('t');
    await mesos.restartAgent(agent());
    expect(await framework.update('t')).toMatchObject({ state: 'TASK_KILLED', source: 'SOURCE_EXECUTOR' });
  });

  it.each(['command', 'executor'])('what a framework left that was torn down meanwhile is ended: %s', async (kind) => {
    const { mesos, framework, offer, agent, run } = await ready();
    const what = kind === 'command' ? { command: { value: 'exec sleep 1000' } } : { executor: executor('reconnect') };
    await run(task('t', offer, what));
    const pid = pidOf(await framework.update('t', 'TASK_RUNNING'));
    await agent().faults.crash();
    await framework.call({ type: 'TEARDOWN' });
    await framework.events.end();
    expect(isAlive(pid)).toBe(true);
    await mesos.restartAgent(agent());
    await expect.poll(() => isAlive(-pid), { timeout: 10_000 }).toBe(false);
  });

  it('reservations are still there', async () => {
    const { mesos, agent, restart } = await ready();
    const reserved = [
      {
        name: 'cpus',
        type: 'SCALAR',
        scalar: { value: 1 },
        reservations: [{ type: 'DYNAMIC', role: 'ops', principal: 'p' }],
      },
    ];
    const call = {
      type: 'RESERVE_RESOURCES',
      reserve_resources: { agent_id: { value: agent().id }, resources: reserved },
    };
    expect((await postJson(`${mesos.master.url}/api/v1`, call)).status).toBe(202);
    await restart();
    const state = JSON.parse((await postJson(`${agent().url}/state`, '')).body) as { reserved_resources: object };
    expect(state.reserved_resources).toMatchObject({ ops: { cpus: 1 } });
  });
});

describe('an agent that is started otherwise than before', () => {
  it('refuses other resources, unless they are added and may be', async () => {
    const { framework, offer, agent, restart, run } = await ready();
    await run(task('t', offer, { command: { value: 'exec sleep 1000' } }));
    const running = await framework.update('t', 'TASK_RUNNING');
    const id = agent().id;
    for (const cpus of [2, 6]) {
      const refused = await restart({ resources: `cpus:${String(cpus)};mem:1256;disk:12288;ports:[31000-32000]` }).then(
        () => undefined,
        (error: unknown) => error as Error & { code: string },
      );
      expect(refused?.code).toBe('INCOMPATIBLE_AGENT');
      expect(refused?.message).toContain('Failed to perform recovery: Incompatible agent info detected. \n\n---');
      expect(refused?.message).toContain(
        `Old agent info:\nhostname: "agent1"\nresources {\n  name: "cpus"\n  type: SCALAR\n  scalar {\n    value: 4\n  }\n}\n`,
      );
      expect(refused?.message).toContain(`id {\n  value: "${id}"\n}\ncheckpoint: true\nport: `);
    }
    const flags = { reconfigurationPolicy: 'additive' } as const;
    await expect(restart({ resources: 'cpus:2;mem:1256;disk:12288;ports:[31000-32000]', flags })).rejects.toThrow(
      "Configuration change not permitted under 'additive' policy: Value of scalar resource 'cpus' decreased from 4 to 2",
    );
    await restart({ resources: 'cpus:6;mem:1256;disk:12288;ports:[31000-32000]', flags });
    expect(isAlive(pidOf(running))).toBe(true);
    const cpus = async (): Promise<number | undefined> => {
      const next = await framework.offer();
      return next.resources?.find(({ name }) => name === 'cpus')?.scalar?.value;
    };
    await expect.poll(cpus).toBe(5.9);
  });

  it('with recover=cleanup ends what was left', async () => {
    const { framework, offer, restart, run, mesos } = await ready();
    await run(task('t', offer, { executor: executor('reconnect') }));
    const running = await framework.update('t', 'TASK_RUNNING');
    await restart({ flags: { recover: 'cleanup', executorShutdownGracePeriod: 500 } });
    expect(isAlive(-pidOf(running))).toBe(false);
    expect(existsSync(join(mesos.workDir, 'agent1/meta/slaves/latest'))).toBe(false);
  });

  it('that left in order is another agent the next time', async () => {
    const { mesos, agent } = await ready();
    const { id } = agent();
    await agent().close();
    await mesos.restartAgent(agent());
    expect(agent().id).not.toBe(id);
  });
});
