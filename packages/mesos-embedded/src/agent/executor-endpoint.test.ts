import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { cluster, isAlive } from '../../test/cluster.js';
import { launch, postJson, RawFramework, resources, task } from '../../test/raw-framework.js';

const program = fileURLToPath(new URL('../../testdata/executor.mjs', import.meta.url));

function executor(id: string, mode = 'normal', rest: object = {}): object {
  return {
    executor_id: { value: id },
    name: 'tiny',
    source: 'src',
    command: {
      value: `exec '${process.execPath}' '${program}'`,
      environment: { variables: [{ name: 'MODE', value: mode }] },
    },
    resources: resources(0.1, 32),
    ...rest,
  };
}

async function started(options: { mode?: string; rest?: object; registration?: number } = {}) {
  const mesos = await cluster({
    agents: [
      {
        resources: 'cpus:4;mem:1256;ports:[31000-32000]',
        hostname: 'agent1',
        ...(options.registration === undefined ? {} : { flags: { executorRegistrationTimeout: options.registration } }),
      },
    ],
  });
  const framework = await RawFramework.subscribe(mesos.master.url);
  const offer = await framework.offer();
  await framework.accept(offer, [launch(task('x1', offer, { executor: executor('ex', options.mode, options.rest) }))]);
  return { mesos, framework, offer, agent: mesos.agents[0]?.url ?? '' };
}

describe('a custom executor', () => {
  it('runs as a process, tells states, and runs further tasks', async () => {
    const { framework, offer } = await started();
    const starting = await framework.update('x1');
    expect(starting).toMatchObject({
      state: 'TASK_STARTING',
      source: 'SOURCE_EXECUTOR',
      agent_id: offer.agent_id,
      executor_id: { value: 'ex' },
      container_status: { network_infos: [{ ip_addresses: [{ protocol: 'IPv4', ip_address: '127.0.0.1' }] }] },
    });
    expect(await framework.update('x1')).toMatchObject({ state: 'TASK_RUNNING', message: 'running!' });
    expect(isAlive(starting.container_status?.executor_pid ?? 0)).toBe(true);
    const second = await framework.offer();
    expect(second.executor_ids).toEqual([{ value: 'ex' }]);
    await framework.accept(second, [launch(task('x2', second, { executor: executor('ex') }))]);
    const running = await framework.update('x2', 'TASK_RUNNING');
    expect(running.container_status).toEqual(starting.container_status);
    await framework.call({ type: 'KILL', kill: { task_id: { value: 'x1' }, agent_id: offer.agent_id } });
    expect(await framework.update('x1')).toMatchObject({ state: 'TASK_KILLED', message: 'as asked' });
  });

  it('is given the recorded environment, a sandbox, and files for its output', async () => {
    const { framework, mesos } = await started();
    await framework.update('x1', 'TASK_RUNNING');
    const agent = mesos.agents[0];
    const latest = join(
      mesos.workDir,
      `agent1/slaves/${agent?.id ?? ''}/frameworks/${framework.id}/executors/ex/runs/latest`,
    );
    const [first = ''] = (await readFile(join(latest, 'stdout'), 'utf8')).split('\n');
    const { subscribed } = JSON.parse(first) as { subscribed: Record<string, object> };
    expect(Object.keys(subscribed)).toEqual(['executor_info', 'framework_info', 'agent_info', 'container_id']);
    expect(subscribed['executor_info']).toMatchObject({ type: 'CUSTOM', framework_id: { value: framework.id } });
    const update = framework.events.seen.find(({ type }) => type === 'UPDATE');
    const pid = update?.type === 'UPDATE' ? update.update.status.container_status?.executor_pid : undefined;
    const environment = await readFile(`/proc/${String(pid)}/environ`, 'utf8').catch(() => undefined);
    if (environment === undefined) return;
    const names = environment.split('\0').map((line) => line.slice(0, line.indexOf('=')));
    const recorded = [
      'LIBPROCESS_IP',
      'LIBPROCESS_PORT',
      'MESOS_AGENT_ENDPOINT',
      'MESOS_CHECKPOINT',
      'MESOS_DIRECTORY',
      'MESOS_EXECUTOR_ID',
      'MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD',
      'MESOS_FRAMEWORK_ID',
      'MESOS_HTTP_COMMAND_EXECUTOR',
      'MESOS_SANDBOX',
      'MESOS_SLAVE_ID',
      'MESOS_SLAVE_PID',
      'MODE',
      'PATH',
    ];
    expect(names.filter((name) => name !== '' && name !== 'PWD' && name !== '_').sort()).toEqual(recorded);
    expect(environment).toContain('MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD=5secs');
  });

  it('exchanges messages with its framework', async () => {
    const { framework, offer } = await started();
    await framework.update('x1', 'TASK_RUNNING');
    await framework.call({
      type: 'MESSAGE',
      message: { agent_id: offer.agent_id, executor_id: { value: 'ex' }, data: btoa('ping') },
    });
    const { message } = await framework.events.next('MESSAGE');
    expect(message).toEqual({ agent_id: offer.agent_id, executor_id: { value: 'ex' }, data: btoa('echo:ping') });
  });

  it('that exits is told by FAILURE with its wait status, then its tasks fail', async () => {
    const { framework, offer } = await started();
    await framework.update('x1', 'TASK_RUNNING');
    await framework.call({
      type: 'MESSAGE',
      message: { agent_id: offer.agent_id, executor_id: { value: 'ex' }, data: btoa('exit42') },
    });
    const { failure } = await framework.events.next('FAILURE');
    expect(failure).toEqual({ agent_id: offer.agent_id, executor_id: { value: 'ex' }, status: 10752 });
    const failed = await framework.update('x1');
    expect(failed).toMatchObject({
      state: 'TASK_FAILED',
      message: 'Executor terminated',
      source: 'SOURCE_AGENT',
      reason: 'REASON_EXECUTOR_TERMINATED',
    });
    expect(failed.container_status).toBeUndefined();
    const order = framework.events.seen.map((event) =>
      event.type === 'UPDATE' ? event.update.status.state : event.type,
    );
    expect(order.indexOf('FAILURE')).toBeLessThan(order.indexOf('TASK_FAILED'));
  });

  it('that ignores SHUTDOWN is killed after its grace period', async () => {
    const { framework, offer } = await started({
      mode: 'stubborn',
      rest: { shutdown_grace_period: { nanoseconds: 50_000_000 } },
    });
    await framework.update('x1', 'TASK_RUNNING');
    await framework.call({ type: 'SHUTDOWN', shutdown: { executor_id: { value: 'ex' }, agent_id: offer.agent_id } });
    expect((await framework.events.next('FAILURE')).failure.status).toBe(9);
    expect(await framework.update('x1')).toMatchObject({ state: 'TASK_FAILED', message: 'Executor terminated' });
  });

  it('that never subscribes is killed after the registration timeout', async () => {
    const { framework } = await started({ mode: 'silent', registration: 200 });
    expect((await framework.events.next('FAILURE')).failure.status).toBe(9);
    expect(await framework.update('x1')).toMatchObject({
      state: 'TASK_FAILED',
      message: 'Executor did not register within 200ms',
      reason: 'REASON_EXECUTOR_REGISTRATION_TIMEOUT',
    });
  });

  it('goes with its framework', async () => {
    const { framework } = await started({
      mode: 'stubborn',
      rest: { shutdown_grace_period: { nanoseconds: 1_000_000 } },
    });
    const { container_status } = await framework.update('x1', 'TASK_RUNNING');
    await framework.call({ type: 'TEARDOWN' });
    await framework.events.end();
    await expect.poll(() => isAlive(container_status?.executor_pid ?? 0)).toBe(false);
  });
});

describe('the executor API', () => {
  it('answers errors as recorded (traces 22-errors-agent and 30-executor-basic)', async () => {
    const { agent, framework } = await started();
    await framework.update('x1', 'TASK_RUNNING');
    const ids = { executor_id: { value: 'ex' }, framework_id: { value: framework.id } };
    const uuid = 'UWeNDXl4RtS7f/sgGzmZWw==';
    const status = { task_id: { value: 'x' }, state: 'TASK_RUNNING', source: 'SOURCE_EXECUTOR', uuid };
    const update = (fields: object) => ({ type: 'UPDATE', ...ids, update: { status: { ...status, ...fields } } });
    const invalid = 'Failed to validate Executor::Call: ';
    const from = `executor ex of framework ${framework.id}`;
    const cases: readonly [body: object, status: number, text: string][] = [
      [{}, 400, 'Failed to convert JSON into Call protobuf: Missing required fields: executor_id, framework_id'],
      [ids, 400, `${invalid}Expecting 'type' to be present`],
      [{ type: 'UNKNOWN', ...ids }, 501, '501 Not Implemented.'],
      [{ type: 'HEARTBEAT', ...ids }, 202, ''],
      [{ type: 'UPDATE', ...ids }, 400, `${invalid}Expecting 'update' to be present`],
      [{ type: 'MESSAGE', ...ids }, 400, `${invalid}Expecting 'message' to be present`],
      [update({ uuid: undefined }), 400, `${invalid}Expecting 'uuid' to be present`],
      [update({ uuid: 'AAAA' }), 400, `${invalid}Not a valid UUID`],
      [
        update({ source: 'SOURCE_MASTER' }),
        400,
        `${invalid}Received Call from ${from} with invalid source, expecting 'SOURCE_EXECUTOR'`,
      ],
      [update({ state: 'TASK_STAGING' }), 400, `${invalid}Received TASK_STAGING from ${from} which is not allowed`],
      [
        update({ executor_id: { value: 'other' } }),
        400,
        `${invalid}ExecutorID in Call: ex does not match ExecutorID in TaskStatus: other`,
      ],
      [
        { type: 'MESSAGE', ...ids, executor_id: { value: 'other' }, message: { data: 'eA==' } },
        400,
        'Executor cannot be found',
      ],
      [{ type: 'SUBSCRIBE', ...ids, framework_id: { value: 'f' }, subscribe: {} }, 400, 'Framework cannot be found'],
    ];
    for (const [body, code, text] of cases) {
      const answer = await postJson(`${agent}/api/v1/executor`, body);
      expect([answer.status, answer.body], JSON.stringify(body)).toEqual([code, text]);
    }
  });

  it('hands on an update for a task that was never launched', async () => {
    const { agent, framework } = await started();
    await framework.update('x1', 'TASK_RUNNING');
    const status = {
      task_id: { value: 'never-launched' },
      state: 'TASK_RUNNING',
      source: 'SOURCE_EXECUTOR',
      uuid: 'FY89H8NGTgCDOqr7G+rUCg==',
    };
    const ids = { executor_id: { value: 'ex' }, framework_id: { value: framework.id } };
    await postJson(`${agent}/api/v1/executor`, { type: 'UPDATE', ...ids, update: { status } });
    const forwarded = await framework.update('never-launched');
    expect(forwarded.container_status).toBeUndefined();
    expect(forwarded.uuid).toBe(status.uuid);
  });
});
