import { connect } from 'node:net';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { atEnd, cluster } from './cluster.js';
import { exchange, launch, postJson, RawFramework, task, type Answer } from './raw-framework.js';

/** What is sent may be anything; that is what a master may answer to it. */
const honest = new Set([200, 202, 307, 400, 401, 403, 404, 405, 406, 409, 415, 501]);

const types = [
  'SUBSCRIBE', 'TEARDOWN', 'ACCEPT', 'DECLINE', 'REVIVE', 'SUPPRESS', 'KILL', 'SHUTDOWN', 'ACKNOWLEDGE', 'RECONCILE', 'MESSAGE',
  'REQUEST', 'ACCEPT_INVERSE_OFFERS', 'DECLINE_INVERSE_OFFERS', 'UPDATE_FRAMEWORK', 'RECONCILE_OPERATIONS', 'UNKNOWN',
  'ACKNOWLEDGE_OPERATION_STATUS', 'GET_METRICS', 'GET_STATE', 'SET_LOGGING_LEVEL', 'LIST_FILES', 'READ_FILE', 'UPDATE_WEIGHTS',
  'RESERVE_RESOURCES', 'UNRESERVE_RESOURCES', 'CREATE_VOLUMES', 'DESTROY_VOLUMES', 'GROW_VOLUME', 'SHRINK_VOLUME',
  'UPDATE_MAINTENANCE_SCHEDULE', 'STOP_MAINTENANCE', 'UPDATE_QUOTA', 'SET_QUOTA', 'REMOVE_QUOTA', 'DEACTIVATE_AGENT',
  'REACTIVATE_AGENT', 'GET_ROLES', 'GET_QUOTA', 'GET_AGENTS', 'GET_MAINTENANCE_STATUS',
]; // prettier-ignore
const words = [
  'type', 'value', 'framework_id', 'agent_id', 'task_id', 'executor_id', 'offer_ids', 'operations', 'launch', 'launch_group',
  'task_infos', 'task_group', 'tasks', 'executor', 'reserve', 'unreserve', 'create', 'destroy', 'volumes', 'resources', 'name',
  'scalar', 'ranges', 'range', 'begin', 'end', 'set', 'item', 'disk', 'persistence', 'id', 'volume', 'mode', 'container_path',
  'reservations', 'role', 'principal', 'allocation_info', 'filters', 'refuse_seconds', 'roles', 'suppressed_roles',
  'framework_info', 'user', 'capabilities', 'uuid', 'data', 'kill_policy', 'grace_period', 'nanoseconds', 'requests',
  'weight_infos', 'weight', 'quota_configs', 'guarantees', 'limits', 'cpus', 'quota_request', 'guarantee', 'force', 'schedule',
  'windows', 'machine_ids', 'machines', 'hostname', 'ip', 'unavailability', 'start', 'duration', 'level', 'path', 'offset',
  'command', 'labels', 'key', 'health_check', 'inverse_offer_ids', 'operation_id', 'addition', 'subtract', 'operation',
  'grow_volume', 'shrink_volume', 'offer_constraints', 'role_constraints', 'groups', 'attribute_constraints', 'limits',
]; // prettier-ignore

interface Target {
  readonly url: string;
  readonly framework: RawFramework;
  readonly agentId: string;
  readonly offerId: string;
}

async function target(): Promise<Target> {
  const mesos = await cluster();
  const framework = await RawFramework.subscribe(mesos.master.url);
  const offer = await framework.offer();
  await framework.accept(offer, [launch(task('t', offer, { command: { value: 'exec sleep 1000' } }))]);
  await framework.update('t', 'TASK_RUNNING');
  return { url: mesos.master.url, framework, agentId: offer.agent_id.value, offerId: offer.id.value };
}

/** A message of any depth that names what there is, and what is not. */
function nonsense({ agentId, offerId, framework }: Target): fc.Arbitrary<Record<string, unknown>> {
  const leaf = fc.oneof(
    fc.constantFrom<unknown>('t', agentId, offerId, framework.id, 'cpus', 'mem', 'dev', '*', 'a/b', 'SCALAR', 'RANGES', 'DYNAMIC', 'AAAA'),
    fc.constantFrom<unknown>(0, -1, 1e308, 2 ** 53, 0.0004, null, true, '', '..', [], {}),
    fc.constantFrom(...types),
    fc.string(),
    fc.double(),
  ); // prettier-ignore
  const { message } = fc.letrec<{ value: unknown; message: Record<string, unknown> }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 6, depthIdentifier: 'n' },
      leaf,
      tie('message'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.record({ value: leaf }),
    ),
    message: fc.dictionary(fc.constantFrom(...words), tie('value'), { maxKeys: 5, depthIdentifier: 'n' }),
  }));
  return message;
}

function call(context: Target): fc.Arbitrary<Record<string, unknown>> {
  const id = { value: context.framework.id };
  return (
    fc
      .record({
        type: fc.constantFrom(...types),
        inside: nonsense(context),
        rest: nonsense(context),
        own: fc.boolean(),
      })
      .map(({ type, inside, rest, own }) => ({
        ...rest,
        type,
        ...(own ? { framework_id: id } : {}),
        [type.toLowerCase()]: { agent_id: { value: context.agentId }, ...inside },
      }))
      // Nobody ends the framework that the test needs, nor takes its place.
      .filter(({ type }) => type !== 'TEARDOWN' && type !== 'SUBSCRIBE' && type !== 'UPDATE_FRAMEWORK')
  );
}

async function isWell({ url, framework }: Target): Promise<void> {
  const answer = await postJson(`${url}/api/v1`, { type: 'GET_TASKS' });
  expect(answer.status).toBe(200);
  expect(answer.body).toContain(framework.id);
  expect((await exchange(`${url}/metrics/snapshot`)).status).toBe(200);
  expect((await exchange(`${url}/state`)).status).toBe(200);
}

const paths = fc.constantFrom('/api/v1', '/api/v1/scheduler');

describe('a master that is sent nonsense', () => {
  it('answers JSON of any form honestly, thousands of times, and stays well', async () => {
    const context = await target();
    const send = (path: string, body: unknown): Promise<Answer> =>
      postJson(`${context.url}${path}`, body, [['Mesos-Stream-Id', context.framework.streamId]]);
    await fc.assert(
      fc.asyncProperty(paths, fc.oneof(call(context), nonsense(context), fc.anything()), async (path, body) => {
        const { status, body: text } = await send(path, JSON.stringify(body) === undefined ? null : body);
        expect(honest.has(status), `${String(status)} ${text}`).toBe(true);
      }),
      { numRuns: 2000, endOnFailure: true },
    );
    await isWell(context);
  }, 120_000);

  it('answers bytes of any kind honestly', async () => {
    const context = await target();
    const kinds = fc.constantFrom(
      'application/json',
      'application/x-protobuf',
      'application/recordio',
      'text/plain',
      '',
    );
    const bodies = fc.oneof(fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1')), fc.string(), fc.json()); // prettier-ignore
    await fc.assert(
      fc.asyncProperty(paths, kinds, bodies, async (path, kind, body) => {
        const headers: [string, string][] = kind === '' ? [] : [['Content-Type', kind]];
        const { status, body: text } = await exchange(`${context.url}${path}`, { method: 'POST', headers, body });
        expect(honest.has(status), `${String(status)} ${text}`).toBe(true);
      }),
      { numRuns: 1000, endOnFailure: true },
    );
    await isWell(context);
  }, 120_000);

  it('answers forms and bare JSON at the endpoints of old honestly', async () => {
    const context = await target();
    const old = fc.constantFrom('/reserve', '/unreserve', '/create-volumes', '/destroy-volumes', '/machine/up', '/maintenance/schedule', '/weights', '/quota', '/teardown', '/tasks', '/state'); // prettier-ignore
    const body = fc.oneof(
      nonsense(context).map((value) => JSON.stringify(value)),
      fc.array(nonsense(context), { maxLength: 2 }).map((value) => JSON.stringify(value)),
      nonsense(context).map((value) => `slaveId=${context.agentId}&resources=${encodeURIComponent(JSON.stringify([value]))}`),
      nonsense(context).map((value) => `slaveId=${context.agentId}&volumes=${encodeURIComponent(JSON.stringify([value]))}`),
      fc.string(),
    ); // prettier-ignore
    await fc.assert(
      fc.asyncProperty(old, fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'), body, async (path, method, text) => {
        const answer = await exchange(`${context.url}${path}`, { method, body: text });
        expect(honest.has(answer.status), `${String(answer.status)} ${answer.body}`).toBe(true);
      }),
      { numRuns: 1000, endOnFailure: true },
    );
    await isWell(context);
  }, 120_000);

  it('lets nobody hold it up with half a request', async () => {
    const context = await target();
    const { port, hostname } = new URL(context.url);
    const sockets = Array.from({ length: 200 }, (_, index) => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      socket.write(
        'POST /api/v1/scheduler HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{'.slice(0, 10 + (index % 70)),
      );
      return socket;
    });
    atEnd(() => {
      for (const socket of sockets) socket.destroy();
      return Promise.resolve();
    });
    await isWell(context);
  });
});

describe('a framework that does not keep to the rules', () => {
  it('is told TASK_ERROR for the second of two tasks with one id, and what ran goes on', async () => {
    const { framework, url } = await target();
    const offer = await framework.offer();
    const twin = task('twin', offer, { command: { value: 'exec sleep 1000' } });
    await framework.accept(offer, [launch(twin), launch(twin)]);
    const { status } = (await framework.events.next('UPDATE', (event) => event.update.status.state === 'TASK_ERROR'))
      .update;
    expect(status.message).toBe('Task has duplicate ID: twin');
    await isWell({ framework, url, agentId: '', offerId: '' });
  });

  it('may send an ACCEPT of a megabyte, and is refused one of a hundred', async () => {
    const { framework, url } = await target();
    const offer = await framework.offer();
    const labels = {
      labels: Array.from({ length: 10_000 }, (_, index) => ({ key: `k${String(index)}`, value: 'x'.repeat(100) })),
    };
    await framework.accept(offer, [launch(task('large', offer, { labels, command: { value: 'exec sleep 1000' } }))]);
    await framework.update('large', 'TASK_RUNNING');
    const body = '{"type":"ACCEPT","accept":{},"x":"' + 'x'.repeat(100 * 1024 * 1024) + '"}';
    await expect(exchange(`${url}/api/v1/scheduler`, { method: 'POST', headers: [['Content-Type', 'application/json']], body })).rejects.toThrow(); // prettier-ignore
    await isWell({ framework, url, agentId: '', offerId: '' });
  }, 60_000);

  it('is cut off when it reads nothing, before its events fill the memory', async () => {
    const mesos = await cluster({ agents: [] });
    const { port, hostname } = new URL(mesos.master.url);
    const info = { user: 'root', name: 'slow', roles: ['dev'], capabilities: [{ type: 'MULTI_ROLE' }], failover_timeout: 100, id: { value: 'slow' } }; // prettier-ignore
    const body = JSON.stringify({
      type: 'SUBSCRIBE',
      framework_id: { value: 'slow' },
      subscribe: { framework_info: info },
    });
    const socket = connect(Number(port), hostname);
    atEnd(() => {
      socket.destroy();
      return Promise.resolve();
    });
    socket.on('error', () => undefined);
    const head = await new Promise<string>((resolve) => {
      socket.once('data', (chunk: Buffer) => {
        socket.pause();
        resolve(chunk.toString('latin1'));
      });
      socket.write(`POST /api/v1/scheduler HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${String(body.length)}\r\n\r\n${body}`); // prettier-ignore
    });
    const streamId = /Mesos-Stream-Id: (\S+)/.exec(head)?.[1] ?? '';
    const tasks = Array.from({ length: 2000 }, (_, index) => ({
      task_id: { value: `${String(index)}${'x'.repeat(1000)}` },
    }));
    const ask = (): Promise<Answer> => postJson(`${mesos.master.url}/api/v1/scheduler`, { type: 'RECONCILE', framework_id: { value: 'slow' }, reconcile: { tasks } }, [['Mesos-Stream-Id', streamId]]); // prettier-ignore
    let last = 202;
    for (let round = 0; round < 100 && last === 202; round += 1) last = (await ask()).status;
    expect(last).toBe(403);
  }, 60_000);
});
