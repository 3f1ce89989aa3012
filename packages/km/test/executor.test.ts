import { createServer, type Server, type ServerResponse } from 'node:http';
import { pods, type Pod } from '@kmd/kube-client';
import { encodeRecord, parseExecutorEnvironment, type TaskStatus } from '@kmd/mesos-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BINDING_HOST, TASK_ID } from '../src/annotation.js';
import { runExecutor } from '../src/executor/executor.js';
import { FakeKube } from './fake-kube.js';

/** An agent of which the test decides every word. */
let server: Server;
let stream: ServerResponse;
let updates: TaskStatus[];
let arrived: () => void;
let subscribed: Promise<void>;
let kube: FakeKube;
let ended: Promise<void>;

const send = (event: object): void => void stream.write(encodeRecord(JSON.stringify(event)));
async function update(state: string): Promise<TaskStatus> {
  for (;;) {
    const found = updates.find((status) => status.state === state);
    if (found) return found;
    await new Promise<void>((resolve) => (arrived = resolve));
  }
}
const agentId = { value: 'a-S7' };
const task = (id: string, data: unknown): object => ({
  type: 'LAUNCH',
  launch: {
    task: {
      name: id,
      task_id: { value: id },
      agent_id: agentId,
      data: Buffer.from(JSON.stringify(data)).toString('base64'),
    },
  },
});
async function launched(name: string, wishes: Record<string, string> = {}): Promise<Pod> {
  const pod = await kube.create(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { containers: [{ name: 'c', image: 'i' }] },
  });
  const annotations = { ...wishes, [TASK_ID]: name, [BINDING_HOST]: 'agent-7' };
  return { ...pod, metadata: { ...pod.metadata, annotations } };
}

beforeEach(async () => {
  updates = [];
  arrived = () => undefined;
  kube = new FakeKube();
  let open: () => void = () => undefined;
  subscribed = new Promise((resolve) => (open = resolve));
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const call = JSON.parse(Buffer.concat(chunks).toString());
      if (call.type === 'SUBSCRIBE') {
        stream = response;
        response.writeHead(200, { 'content-type': 'application/json' });
        response.flushHeaders();
        const executor_info = { executor_id: { value: 'e' }, type: 'CUSTOM', resources: [] };
        const agent_info = { hostname: 'agent-7', id: agentId, resources: [] };
        send({
          type: 'SUBSCRIBED',
          subscribed: { executor_info, agent_info, framework_info: { user: '', name: 'f' } },
        });
        return open();
      }
      response.writeHead(202).end();
      if (call.type === 'UPDATE') updates.push(call.update.status);
      arrived();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const environment = parseExecutorEnvironment({
    MESOS_AGENT_ENDPOINT: `127.0.0.1:${port}`,
    MESOS_FRAMEWORK_ID: 'f',
    MESOS_EXECUTOR_ID: 'e',
    MESOS_DIRECTORY: '/nowhere',
  });
  ended = runExecutor({ environment, kube });
  await subscribed;
});
afterEach(async () => {
  server.closeAllConnections();
  await ended;
  await new Promise((resolve) => server.close(resolve));
});

it('reports RUNNING alone for a pod that runs at once', async () => {
  send(task('p', await launched('p')));
  await update('TASK_RUNNING');
  expect(updates.map(({ state }) => state)).toEqual(['TASK_RUNNING']);
});

it('9: reports STARTING after the binding, and RUNNING with the pod status once the API server has it', async () => {
  send(task('p', await launched('p', { 'kmd.dev/hollow-start-after': '20ms' })));
  const starting = await update('TASK_STARTING');
  expect(starting.message).toBe('create-binding-success');
  expect(JSON.parse(Buffer.from(starting.data ?? '', 'base64').toString())).toMatchObject({
    kind: 'PodStatusResult',
    metadata: { name: 'p_default' },
  });
  const running = await update('TASK_RUNNING');
  expect(running.message).toBe('pod-running:p_default');
  const status = JSON.parse(Buffer.from(running.data ?? '', 'base64').toString());
  expect(status).toMatchObject({ phase: 'Running', podIP: '10.2.7.2', hostIP: '127.0.0.1' });
  expect((await kube.get(pods, 'p', { namespace: 'default' })).status).toEqual(status);
  // One request a change: the binding, the statuses Pending and Running. Nothing is polled.
  expect(kube.requests.filter((request) => request.endsWith('pods/p'))).toEqual([
    'CREATE pods/p',
    'POST/binding pods/p',
    'PATCH/status pods/p',
    'PATCH/status pods/p',
    'GET pods/p',
  ]);
});

it('refuses data that is no pod, and a pod of another task', async () => {
  send(task('x', 'nonsense'));
  expect((await update('TASK_FAILED')).message).toBe('unmarshal-task-data-failure');
  updates = [];
  send(task('other', await launched('p')));
  expect((await update('TASK_FAILED')).message).toBe('create-binding-failure');
});

it('KILL deletes the pod object and ends the task', async () => {
  send(task('p', await launched('p')));
  await update('TASK_RUNNING');
  send({ type: 'KILL', kill: { task_id: { value: 'p' } } });
  expect((await update('TASK_KILLED')).message).toBe('pod-deleted');
  expect((await kube.list(pods)).items).toEqual([]);
});

it('lets go of pods that an executor before it has left terminating', async () => {
  await kube.create(pods, {
    metadata: { name: 'old', namespace: 'default' },
    spec: { containers: [], nodeName: 'agent-7' },
  });
  await kube.delete(pods, 'old', { namespace: 'default' });
  send(task('p', await launched('p')));
  await update('TASK_RUNNING');
  while ((await kube.list(pods)).items.some(({ metadata }) => metadata?.name === 'old'))
    await new Promise((resolve) => setImmediate(resolve));
});

it('SHUTDOWN kills all pods and ends the executor', async () => {
  send(task('p', await launched('p')));
  await update('TASK_RUNNING');
  send({ type: 'SHUTDOWN' });
  await ended;
  expect(updates.at(-1)?.state).toBe('TASK_KILLED');
  expect((await kube.list(pods)).items).toEqual([]);
});

it('ends by itself when its agent is gone', async () => {
  send(task('p', await launched('p')));
  await update('TASK_RUNNING');
  stream.destroy();
  await ended;
});
