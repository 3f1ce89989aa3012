import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';

import type { CheckInfo, FrameworkInfo, HealthCheck, TaskStatus } from '@kmd/mesos-client';
import { describe, expect, it } from 'vitest';

import { atEnd, cluster } from '../../test/cluster.js';
import { launch, RawFramework, task } from '../../test/raw-framework.js';

const quick = { delay_seconds: 0, interval_seconds: 0.05, timeout_seconds: 5 };

async function running(
  checks: { check?: CheckInfo; health_check?: HealthCheck },
  { value = 'exec sleep 1000', info = {} }: { value?: string; info?: Partial<FrameworkInfo> } = {},
) {
  const mesos = await cluster();
  const framework = await RawFramework.subscribe(mesos.master.url, info);
  const offer = await framework.offer();
  await framework.accept(offer, [launch(task('t', offer, { command: { value }, ...checks }))]);
  expect((await framework.update('t')).state).toBe('TASK_STARTING');
  const first = await framework.update('t');
  const restart = () => mesos.restartAgent(mesos.agents[0] ?? expect.fail('no agent'));
  return { framework, first, restart };
}

/** A free port that is served until the end of the test. */
async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(
    () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  );
  return (server.address() as AddressInfo).port;
}

function told({ state, healthy, reason, check_status, message }: TaskStatus) {
  return { state, healthy, reason, check_status, message };
}

const unhealthy = { state: 'TASK_RUNNING', healthy: false, reason: 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED' };
const healthy = { ...unhealthy, healthy: true };

describe('a health check', () => {
  it('that fails as often as it may kills its task (trace 13)', async () => {
    const { framework, first } = await running({
      health_check: {
        type: 'COMMAND',
        command: { value: 'exit 1' },
        consecutive_failures: 2,
        grace_period_seconds: 0,
        ...quick,
      },
    });
    expect(first.healthy).toBeUndefined();
    expect(told(await framework.update('t'))).toMatchObject(unhealthy);
    expect(told(await framework.update('t'))).toMatchObject(unhealthy);
    expect(told(await framework.update('t'))).toEqual({
      state: 'TASK_KILLED',
      healthy: false,
      reason: undefined,
      check_status: undefined,
      message: 'Command terminated with signal Terminated',
    });
  });

  it('tells the first success, each failure, and the first success after one', async () => {
    // Fails at the second and third look.
    const value = 'n=$(cat n 2>/dev/null || echo 0); echo $((n + 1)) > n; [ $n -ne 1 ] && [ $n -ne 2 ]';
    const { framework } = await running({
      health_check: { type: 'COMMAND', command: { value }, consecutive_failures: 5, ...quick },
    });
    for (const expected of [healthy, unhealthy, unhealthy, healthy]) {
      expect(told(await framework.update('t'))).toMatchObject(expected);
    }
  });

  it('does not count failures in its grace period', async () => {
    const { framework } = await running({
      health_check: {
        type: 'COMMAND',
        command: { value: 'n=$(cat n 2>/dev/null || echo 0); echo $((n + 1)) > n; [ $n -ge 3 ]' },
        consecutive_failures: 1,
        grace_period_seconds: 60,
        ...quick,
      },
    });
    expect(told(await framework.update('t'))).toMatchObject(healthy);
  });

  it('is a failure when it takes too long', async () => {
    const { framework } = await running({
      health_check: {
        type: 'COMMAND',
        command: { value: 'sleep 1000' },
        consecutive_failures: 1,
        ...quick,
        grace_period_seconds: 0,
        timeout_seconds: 0.1,
      },
    });
    expect(told(await framework.update('t'))).toMatchObject(unhealthy);
    expect((await framework.update('t')).state).toBe('TASK_KILLED');
  });

  it('over HTTP follows redirects, and takes 2xx and 3xx for success', async () => {
    let broken = false;
    const port = await serve((request, response) => {
      if (request.url === '/health') response.writeHead(302, { Location: '/other' });
      else response.writeHead(broken ? 503 : 204);
      response.end();
    });
    const { framework } = await running({
      health_check: { type: 'HTTP', http: { port, path: '/health' }, consecutive_failures: 1000, ...quick },
    });
    expect(told(await framework.update('t'))).toMatchObject(healthy);
    broken = true;
    expect(told(await framework.update('t'))).toMatchObject(unhealthy);
  });

  it('over TCP wants to be let in', async () => {
    const server = createTcpServer((socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { framework } = await running({
      health_check: { type: 'TCP', tcp: { port }, consecutive_failures: 2, ...quick },
    });
    expect(told(await framework.update('t'))).toMatchObject(healthy);
    await new Promise((resolve) => server.close(resolve));
    expect(told(await framework.update('t'))).toMatchObject(unhealthy);
    expect(told(await framework.update('t'))).toMatchObject(unhealthy);
    expect((await framework.update('t')).state).toBe('TASK_KILLED');
  });

  it('goes on after a restart of the agent', async () => {
    const { framework, restart } = await running(
      {
        health_check: {
          type: 'COMMAND',
          command: { value: '[ -f well ]' },
          consecutive_failures: 1,
          ...quick,
          grace_period_seconds: 3600,
        },
      },
      { value: 'sleep 0.5; touch well; exec sleep 1000', info: { checkpoint: true, failover_timeout: 60 } },
    );
    await restart();
    expect(told(await framework.update('t'))).toMatchObject(healthy);
  });
});

describe('a check', () => {
  const updated = { state: 'TASK_RUNNING', reason: 'REASON_TASK_CHECK_STATUS_UPDATED' };

  it('tells what a command exits with, when that changes, and is in every status', async () => {
    const value = 'n=$(cat n 2>/dev/null || echo 0); echo $((n + 1)) > n; [ $n -lt 2 ] || exit 3';
    const { framework, first } = await running({
      check: { type: 'COMMAND', command: { command: { value } }, ...quick },
    });
    expect(first.check_status).toEqual({ type: 'COMMAND', command: {} });
    for (const exit_code of [0, 3]) {
      expect(told(await framework.update('t'))).toMatchObject({
        ...updated,
        check_status: { type: 'COMMAND', command: { exit_code } },
      });
    }
  });

  it('tells the status of an answer; a failed look is an empty one', async () => {
    let dead = false;
    const port = await serve((_request, response) => {
      if (dead) response.destroy();
      else response.writeHead(404).end();
    });
    const { framework, first } = await running({ check: { type: 'HTTP', http: { port, path: '/x' }, ...quick } });
    expect(first.check_status).toEqual({ type: 'HTTP', http: {} });
    const answered = told(await framework.update('t'));
    expect(answered).toMatchObject({ ...updated, check_status: { type: 'HTTP', http: { status_code: 404 } } });
    dead = true;
    const failed = told(await framework.update('t'));
    expect(failed).toMatchObject({ ...updated, check_status: { type: 'HTTP', http: {} } });
    expect(failed.check_status?.http?.status_code).toBeUndefined();
  });

  it('stands beside a health check, each keeping what the other said', async () => {
    const port = await serve((_request, response) => response.end());
    const { framework } = await running({
      check: { type: 'TCP', tcp: { port }, ...quick },
      health_check: { type: 'HTTP', http: { port }, ...quick },
    });
    await framework.update('t');
    expect(told(await framework.update('t'))).toMatchObject({
      healthy: true,
      check_status: { type: 'TCP', tcp: { succeeded: true } },
    });
  });
});
