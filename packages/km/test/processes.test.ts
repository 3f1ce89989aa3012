import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureCredentials } from '@kmd/kube-bootstrap';
import {
  createKubeClient,
  deployments,
  nodes,
  pods,
  type Deployment,
  type KubeClient,
  type Pod,
} from '@kmd/kube-client';
import { startApiServer, startControllers, type ApiServer, type Controllers } from '@kmd/kube-embedded';
import { createMasterClient } from '@kmd/mesos-client';
import { startMesos, type Mesos } from '@kmd/mesos-embedded';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { portAnnotation, RUNTIME, TASK_ID } from '../src/annotation.js';
import { startScheduler, type KmScheduler } from '../src/scheduler/start.js';
import { askKubelet } from './ask-kubelet.js';
import { buildExecutor } from './executor-program.js';
import { freePort, isAlive } from './machine.js';

/** Everything is real here: TLS, processes, HTTP. The executor is bundled as its package bundles it. */
let directory: string;
let server: ApiServer;
let controllers: Controllers;
let mesos: Mesos;
let scheduler: KmScheduler;
let kube: KubeClient;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'km-'));
  const credentials = await ensureCredentials({
    dir: join(directory, 'pki'),
    serviceCidr: '10.10.10.0/24',
    dnsDomain: 'cluster.local',
  });
  const ca = credentials.ca.cert;
  server = await startApiServer({
    port: 0,
    tls: credentials.apiserver,
    tokens: credentials.tokens,
    clientCa: ca,
    kubeletClient: credentials.kubeletClient,
  });
  controllers = startControllers({ api: server.api });
  // Process pods really listen on them, so they had better be free.
  const base = await freePort();
  const resources = `cpus:4;mem:1280;ports:[${base}-${base + 9}]`;
  mesos = await startMesos({
    agents: [1, 2].map((n) => ({ resources, hostname: `agent-${n}` })),
    workDir: join(directory, 'mesos'),
  });
  await writeFile(join(directory, 'token'), credentials.token, { mode: 0o600 });
  scheduler = await startScheduler({
    mesosMaster: mesos.master.url,
    kube: server.api,
    checkpoint: true,
    failoverTimeout: 60,
    executor: {
      command: await buildExecutor(directory, {
        KM_API_SERVER: server.url,
        KM_API_CA: credentials.ca.certPath,
        KM_API_TOKEN_FILE: join(directory, 'token'),
      }),
    },
  });
  kube = createKubeClient({ server: server.url, ca, token: credentials.token });
});

afterAll(async () => {
  await scheduler?.close({ teardown: true });
  await mesos?.close();
  await controllers?.close();
  kube?.close();
  await server?.close();
  await rm(directory, { recursive: true, force: true });
});

const alive = ({ metadata, status }: Pod): boolean =>
  metadata?.deletionTimestamp === undefined && status?.phase === 'Running';
const running = async (): Promise<Pod[]> => (await kube.list(pods, { namespace: 'default' })).items.filter(alive);
async function eventually<T>(read: () => Promise<T>, condition: (value: T) => boolean): Promise<T> {
  const end = Date.now() + 20_000;
  for (;;) {
    const value = await read();
    if (condition(value)) return value;
    if (Date.now() > end) throw new Error(`not seen within 20 s; last: ${JSON.stringify(value).slice(0, 2_000)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

it('a deployment comes up on executors that Mesos starts, scales, and goes', async () => {
  const labels = { app: 'web' };
  const web: Deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: 3,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'web', image: 'nginx', ports: [{ containerPort: 80 }] }] },
      },
    },
  };
  await kube.create(deployments, web);
  const up = await eventually(running, (all) => all.length === 3);
  expect(new Set(up.map(({ spec }) => spec?.nodeName))).toEqual(new Set(['agent-1', 'agent-2']));
  await eventually(
    () => kube.get(deployments, 'web', { namespace: 'default' }),
    ({ status }) => status?.readyReplicas === 3,
  );
  await kube.patch(deployments, 'web', { spec: { replicas: 1 } }, { namespace: 'default', type: 'merge' });
  await eventually(
    async () => (await kube.list(pods, { namespace: 'default' })).items,
    (all) => all.length === 1,
  );
  expect(scheduler.health().tasks.launched).toBe(0);
});

it('logs come through the API server, which asks the executor', async () => {
  const [pod] = await eventually(running, (all) => all.length === 1);
  const answer = await kube.request('GET', `/api/v1/namespaces/default/pods/${pod?.metadata?.name}/log`);
  expect(answer).toMatchObject({
    status: 200,
    body: 'container web of image nginx is hollow: the embedded runtime runs no containers\n',
  });
  // Nobody else is told anything.
  const { status } = await kube.get(nodes, pod?.spec?.nodeName ?? '');
  const port = status?.daemonEndpoints?.kubeletEndpoint?.Port ?? 0;
  expect(await askKubelet(port, '/pods')).toMatchObject({ status: 401 });
});

it('an agent that is killed and started again finds its executor and pods, and takes more', async () => {
  const scale = (replicas: number) =>
    kube.patch(deployments, 'web', { spec: { replicas } }, { namespace: 'default', type: 'merge' });
  const [before] = await eventually(running, (all) => all.length === 1);
  const agent = mesos.agents[before?.spec?.nodeName === 'agent-1' ? 0 : 1];
  if (agent) await mesos.restartAgent(agent);
  await scale(3);
  const after = await eventually(running, (all) => all.length === 3);
  const same = after.find(({ metadata }) => metadata?.uid === before?.metadata?.uid);
  expect(same?.metadata?.annotations?.[TASK_ID]).toBe(before?.metadata?.annotations?.[TASK_ID]);
  expect(new Set(after.map(({ spec }) => spec?.nodeName)).size).toBe(2);
  await scale(1);
  await eventually(running, (all) => all.length === 1);
});

it('an executor that is killed takes its pods along, and their controller replaces them', async () => {
  const [pod] = await eventually(running, (all) => all.length === 1);
  const task = pod?.metadata?.annotations?.[TASK_ID];
  const { get_tasks: found } = await createMasterClient({ master: mesos.master.url }).call({ type: 'GET_TASKS' });
  const statuses = found.tasks?.find(({ task_id: id }) => id.value === task)?.statuses ?? [];
  const pid = statuses.findLast(({ container_status: status }) => status?.executor_pid)?.container_status?.executor_pid;
  expect(pid).toBeGreaterThan(1);
  if (pid === undefined) return;
  process.kill(pid, 'SIGKILL');
  await eventually(running, (all) => all.length === 1 && all[0]?.metadata?.uid !== pod?.metadata?.uid);
});

it("a process pod is a real service, reached through the API server's proxy, and goes with its executor", async () => {
  const script = `require('node:http').createServer((_, response) => response.end('pid ' + process.pid))
    .listen(Number(process.env.PORT), process.env.HOST, () => console.log('up'))`;
  await kube.create(
    pods,
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'real', namespace: 'default', annotations: { [RUNTIME]: 'process' } },
      spec: {
        restartPolicy: 'Never',
        containers: [
          {
            name: 'web',
            image: 'none',
            command: [process.execPath, '-e', script],
            ports: [{ containerPort: 8080 }],
            readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
          },
        ],
      },
    },
    { namespace: 'default' },
  );
  const pod = await eventually(
    () => kube.get(pods, 'real', { namespace: 'default' }),
    ({ status }) => status?.containerStatuses?.[0]?.ready === true,
  );
  const port = process.platform === 'linux' ? 8080 : pod.metadata?.annotations?.[portAnnotation('TCP', 8080)];
  const path = `/api/v1/namespaces/default/pods/real:${port}/proxy/`;
  const answer = await kube.request('GET', path);
  expect(answer.body).toMatch(/^pid \d+$/);
  const pid = Number(answer.body.slice(4));
  await eventually(
    () => kube.request('GET', '/api/v1/namespaces/default/pods/real/log'),
    ({ body }) => body === 'up\n',
  );

  // Whatever ends the executor ends what it ran.
  const { get_tasks: found } = await createMasterClient({ master: mesos.master.url }).call({ type: 'GET_TASKS' });
  const statuses = found.tasks?.find(({ name }) => name === 'real.default.pod')?.statuses ?? [];
  const executor = statuses.findLast(({ container_status: status }) => status?.executor_pid)?.container_status
    ?.executor_pid;
  expect(executor).toBeGreaterThan(1);
  if (executor === undefined) return;
  process.kill(executor, 'SIGKILL');
  await eventually(
    async () => isAlive(pid),
    (alive) => !alive,
  );
});
