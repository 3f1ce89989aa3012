import { Agent as HttpAgent, request } from 'node:http';
import { connect, type Socket } from 'node:net';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { atEnd, cluster } from '../../test/cluster.js';
import { launch, postJson, RawFramework, task } from '../../test/raw-framework.js';

/** What is sent may be anything; that is what an agent may answer to it. */
const honest = new Set([200, 202, 400, 403, 404, 405, 406, 415, 500, 501]);

interface Target {
  readonly url: string;
  readonly frameworkId: string;
  readonly containerId: string;
  readonly send: (path: string, headers: Readonly<Record<string, string>>, body: Uint8Array | string) => Promise<{ status: number; text: string }>; // prettier-ignore
}

async function target(): Promise<Target> {
  const mesos = await cluster();
  const url = mesos.agents[0]?.url ?? '';
  const framework = await RawFramework.subscribe(mesos.master.url);
  const offer = await framework.offer();
  await framework.accept(offer, [launch(task('t', offer, { command: { value: 'exec sleep 1000' } }))]);
  const { container_status } = await framework.update('t', 'TASK_RUNNING');
  const connections = new HttpAgent({ keepAlive: true, maxSockets: 8 });
  atEnd(() => {
    connections.destroy();
    return Promise.resolve();
  });
  return {
    url,
    frameworkId: framework.id,
    containerId: container_status?.container_id?.value ?? '',
    send: (path, headers, body) =>
      new Promise((resolve, reject) => {
        const call = request(`${url}${path}`, { method: 'POST', headers, agent: connections }, (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => {
            text += chunk;
            // A stream of events does not end by itself.
            if (response.headers['transfer-encoding'] === 'chunked') response.destroy();
          });
          response.on('close', () => {
            resolve({ status: response.statusCode ?? 0, text });
          });
        });
        call.on('error', reject);
        call.end(body);
      }),
  };
}

/** The agent is as well as ever. */
async function isWell({ send }: Target): Promise<void> {
  const answer = await send('/api/v1', { 'Content-Type': 'application/json' }, '{"type":"GET_TASKS"}');
  expect(answer.status).toBe(200);
  const { get_tasks } = JSON.parse(answer.text) as { get_tasks: { launched_tasks: object[] } };
  expect(get_tasks.launched_tasks).toMatchObject([{ task_id: { value: 't' }, state: 'TASK_RUNNING' }]);
}

const path = fc.constantFrom('/api/v1', '/api/v1/executor');
const anyType = fc.constantFrom('application/json', 'application/x-protobuf', 'application/recordio', 'text/plain');

/** Words that the endpoints know, so that nonsense gets past the first check. */
const words = [
  'type', 'executor_id', 'framework_id', 'value', 'subscribe', 'update', 'message', 'status', 'uuid', 'task_id', 'state',
  'unacknowledged_tasks', 'unacknowledged_updates', 'container_id', 'parent', 'signal', 'path', 'offset', 'length', 'level',
  'duration', 'nanoseconds', 'read_file', 'list_files', 'set_logging_level', 'wait_container', 'kill_container', 'data',
  'remove_container', 'attach_container_output', 'wait_nested_container', 'kill_nested_container', 'get_metrics', 'source',
  'launch_container', 'launch_nested_container', 'launch_nested_container_session', 'resources', 'info', 'timeout',
  'remove_nested_container', 'attach_container_input', 'process_io', 'get_containers',
]; // prettier-ignore
const types = [
  'SUBSCRIBE', 'UPDATE', 'MESSAGE', 'HEARTBEAT', 'UNKNOWN', 'GET_HEALTH', 'GET_FLAGS', 'GET_METRICS', 'SET_LOGGING_LEVEL',
  'LIST_FILES', 'READ_FILE', 'GET_STATE', 'GET_CONTAINERS', 'GET_TASKS', 'WAIT_CONTAINER', 'KILL_CONTAINER', 'REMOVE_CONTAINER',
  'WAIT_NESTED_CONTAINER', 'KILL_NESTED_CONTAINER', 'REMOVE_NESTED_CONTAINER', 'ATTACH_CONTAINER_OUTPUT', 'ATTACH_CONTAINER_INPUT',
  'LAUNCH_CONTAINER', 'LAUNCH_NESTED_CONTAINER', 'LAUNCH_NESTED_CONTAINER_SESSION', 'PRUNE_IMAGES', 'ADD_RESOURCE_PROVIDER_CONFIG',
  'MARK_RESOURCE_PROVIDER_GONE',
]; // prettier-ignore

/** A message of any depth; it runs nothing, as it never says `command`. */
function nonsense({ frameworkId, containerId }: Target): fc.Arbitrary<Record<string, unknown>> {
  const leaf = fc.oneof(
    fc.constantFrom<unknown>('t', frameworkId, containerId, 'TASK_RUNNING', 'SOURCE_EXECUTOR', '../../etc', '/etc/passwd', 'AAAA'),
    fc.string(),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom(...types),
  ); // prettier-ignore
  const { message } = fc.letrec<{ value: unknown; message: Record<string, unknown> }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'n' },
      leaf,
      tie('message'),
      fc.array(tie('value'), { maxLength: 3 }),
    ),
    message: fc.dictionary(fc.constantFrom(...words), tie('value'), { maxKeys: 6, depthIdentifier: 'n' }),
  }));
  return message;
}

/** A call whose own message is there, with nonsense in it. */
function call(context: Target): fc.Arbitrary<unknown> {
  const id = (value: string) => fc.oneof({ weight: 3, arbitrary: fc.constant({ value }) }, fc.dictionary(fc.constantFrom('value', 'parent'), fc.string(), { maxKeys: 2 })); // prettier-ignore
  return fc
    .record({
      type: fc.constantFrom(...types),
      inside: nonsense(context),
      container: id(context.containerId),
      rest: nonsense(context),
      executor: id('t'),
      framework: id(context.frameworkId),
    }) // prettier-ignore
    .map(({ type, inside, container, rest, executor, framework }) => ({
      ...rest,
      executor_id: executor,
      framework_id: framework,
      type,
      // Waiting for what runs for ever is right, and takes for ever.
      [type.toLowerCase()]: { container_id: { ...container, parent: container }, path: '/', offset: 0, ...inside },
    }));
}

/** No crash, no hang, nothing that only the agent's own code could mean. */
function expectHonest({ status, text }: { status: number; text: string }, sent: string): void {
  expect(honest, sent).toContain(status);
  if (status === 500) expect(text, sent).toMatch(/^Failed to remove container/);
}

describe('an agent that is sent nonsense', { timeout: 120_000 }, () => {
  const runs = { numRuns: 1000 };

  it('answers any bytes, of any type', async () => {
    const context = await target();
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.string({ unit: 'binary', maxLength: 200 }));
    await fc.assert(
      fc.asyncProperty(path, anyType, anyType, bytes, async (where, type, message, body) => {
        const headers = { 'Content-Type': type, 'Message-Content-Type': message, Accept: 'application/json' };
        expectHonest(await context.send(where, headers, body), `${where} ${type} ${message}`);
      }),
      runs,
    );
    await isWell(context);
  });

  it('answers any JSON', async () => {
    const context = await target();
    const body = fc.oneof(fc.jsonValue({ maxDepth: 4 }), nonsense(context));
    await fc.assert(
      fc.asyncProperty(path, body, async (where, json) => {
        const text = JSON.stringify(json);
        expectHonest(await context.send(where, { 'Content-Type': 'application/json' }, text), text);
      }),
      runs,
    );
    await isWell(context);
  });

  it('answers calls with nonsense inside, of every type', async () => {
    const context = await target();
    await fc.assert(
      fc.asyncProperty(path, call(context), fc.constantFrom('application/json', 'application/recordio'), async (where, json, accept) => {
        const text = JSON.stringify(json);
        const headers = { 'Content-Type': 'application/json', Accept: accept };
        expectHonest(await context.send(where, headers, text), text);
      }),
      runs,
    ); // prettier-ignore
    await isWell(context);
  });

  it('answers any records of input', async () => {
    const context = await target();
    const record = fc.oneof(
      fc.string({ maxLength: 60 }),
      nonsense(context).map((inside) => JSON.stringify({ type: 'ATTACH_CONTAINER_INPUT', attach_container_input: inside })),
    ); // prettier-ignore
    const framed = fc.record({ length: fc.oneof(fc.constant(undefined), fc.integer(), fc.double(), fc.string()), text: record })
      .map(({ length, text }) => `${String(length ?? Buffer.byteLength(text))}\n${text}`); // prettier-ignore
    await fc.assert(
      fc.asyncProperty(fc.array(framed, { maxLength: 4 }), anyType, async (records, message) => {
        const headers = { 'Content-Type': 'application/recordio', 'Message-Content-Type': message };
        expectHonest(await context.send('/api/v1', headers, records.join('')), records.join(''));
      }),
      runs,
    );
    await isWell(context);
  });

  it('takes or refuses any update of an executor', async () => {
    const mesos = await cluster();
    const url = mesos.agents[0]?.url ?? '';
    const framework = await RawFramework.subscribe(mesos.master.url);
    const offer = await framework.offer();
    const executor = { executor_id: { value: 'ex' }, command: { value: 'exec sleep 1000' } };
    await framework.accept(offer, [launch(task('t', offer, { executor }))]);
    const ids = { executor_id: { value: 'ex' }, framework_id: { value: framework.id } };
    const post = (body: object) => postJson(`${url}/api/v1/executor`, { ...ids, ...body });
    const subscribed = (): Promise<number> =>
      subscribe(`${url}/api/v1/executor`, { ...ids, type: 'SUBSCRIBE', subscribe: {} });
    await expect.poll(subscribed).toBe(200);
    const fields = [
      'message', 'data', 'healthy', 'reason', 'labels', 'container_status', 'check_status', 'limitation', 'unreachable_time',
      'executor_id', 'agent_id', 'timestamp', 'source', 'network_infos', 'cgroup_info', 'ip_addresses', 'value', 'type',
    ]; // prettier-ignore
    const { nonsensical } = fc.letrec((tie) => ({
      nonsensical: fc.dictionary(fc.constantFrom(...fields), tie('value'), { maxKeys: 5, depthIdentifier: 'u' }),
      value: fc.oneof({ maxDepth: 3, depthIdentifier: 'u' }, fc.jsonValue({ maxDepth: 1 }), tie('nonsensical'), fc.array(tie('value'), { maxLength: 2 })),
    })); // prettier-ignore
    const uuid = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('base64'));
    await fc.assert(
      fc.asyncProperty(nonsensical, uuid, fc.constantFrom('t', 'other'), async (inside, uuid, taskId) => {
        const status = { task_id: { value: taskId }, state: 'TASK_RUNNING', source: 'SOURCE_EXECUTOR', uuid };
        const body = { type: 'UPDATE', update: { status: { ...status, ...(inside as object) } } };
        const answer = await post(body);
        expect([202, 400], JSON.stringify(body)).toContain(answer.status);
      }),
      runs,
    ); // prettier-ignore
    await post({ type: 'UPDATE', update: { status: { task_id: { value: 'last' }, state: 'TASK_RUNNING', source: 'SOURCE_EXECUTOR', uuid: 'FY89H8NGTgCDOqr7G+rUCg==' } } }); // prettier-ignore
    expect((await framework.update('last')).state).toBe('TASK_RUNNING');
    for (const path of ['/state', '/api/v1']) {
      expect((await postJson(`${url}${path}`, { type: 'GET_STATE' })).status).toBe(200);
      expect((await postJson(`${mesos.master.url}${path}`, { type: 'GET_STATE' })).status).toBe(200);
    }
  });

  it('serves others while clients stop half-way, and lets those go', async () => {
    const context = await target();
    const { hostname, port } = new URL(context.url);
    const beginnings = [
      '',
      'POST /api/v1 HTT',
      'POST /api/v1 HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n',
      'POST /api/v1 HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"type":',
      'POST /api/v1/executor HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"ty',
      'POST /api/v1 HTTP/1.1\r\nHost: a\r\nContent-Type: application/recordio\r\nMessage-Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n99\n\r\n',
    ]; // prettier-ignore
    const open = await Promise.all(
      Array.from({ length: 300 }, (_, index) => halfOpen(hostname, Number(port), beginnings[index % beginnings.length] ?? '')),
    ); // prettier-ignore
    await isWell(context);
    for (const [index, socket] of open.entries()) {
      if (index % 2 === 0) socket.destroy();
      else socket.resetAndDestroy();
    }
    await isWell(context);
  });
});

/** Opens an executor's stream; resolves with the status of the answer. */
function subscribe(url: string, body: object): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', agent: false, headers: { 'Content-Type': 'application/json' } });
    call.on('response', (response) => {
      response.resume();
      response.on('error', () => undefined);
      resolve(response.statusCode ?? 0);
    });
    call.on('error', reject);
    call.end(JSON.stringify(body));
  });
}

function halfOpen(host: string, port: number, text: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port }, () => {
      socket.write(text, () => {
        resolve(socket);
      });
    });
    socket.on('error', reject);
  });
}
