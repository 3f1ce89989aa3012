import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  clusterRoleBindings,
  createKubeClient,
  deployments,
  endpoints,
  KubeError,
  listAll,
  namespaces,
  nodes,
  pods,
  type Deployment,
  type KubeClient,
  type Pod,
} from '@kmd/kube-client';
import { createMasterClient } from '@kmd/mesos-client';
import { startMesos, type Mesos } from '@kmd/mesos-embedded';
import { startRealApiServer, versionsAtHand, type RealApiServer } from '@kmd/tools-testbed/kube';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { TASK_ID } from '../src/annotation.js';
import { signItself } from '../src/executor/self-signed.js';
import { KubeFrameworkStore } from '../src/framework/kube-framework-store.js';
import { LeaderElection } from '../src/framework/leader-election.js';
import { startScheduler, type KmScheduler } from '../src/scheduler/start.js';
import { askKubelet } from './ask-kubelet.js';
import { buildExecutor } from './executor-program.js';

/** The oracle: Kubernetes' own API server and controllers; the framework, Mesos and hollow executors as processes outside Docker. */
const present = versionsAtHand('the framework');
if (present.length === 0) it.skip('a real Kubernetes');

const examples = fileURLToPath(new URL('../../../examples/', import.meta.url));
/** As whom the framework and its executors come: with the rights of examples/framework/rights.yaml, and no others. */
const users = ['km-framework', 'km-executor'].map((name) => ({
  token: name,
  user: `system:serviceaccount:kube-system:${name}`,
}));
/** Replicas of the guestbook's deployments. */
const WANTED = { frontend: 3, 'redis-follower': 2, 'redis-leader': 1 };
/** Slow machines take their time to do what takes seconds. */
const PATIENCE = { timeout: 100_000, interval: 100 };

const isForbidden = (error: unknown): boolean => error instanceof KubeError && error.status === 403;

/** As whom the API server comes to kubelets: with the role that Kubernetes has for that. */
const KUBELET_CLIENT = 'kube-apiserver';
/** A certificate that signs itself is its own authority. */
async function kubeletClientFlags(directory: string): Promise<Record<string, string>> {
  const { cert, key } = signItself(KUBELET_CLIENT);
  const [certificate, keyFile] = [join(directory, 'kubelet-client.crt'), join(directory, 'kubelet-client.key')];
  await Promise.all([writeFile(certificate, cert), writeFile(keyFile, key)]);
  return {
    'client-ca-file': certificate,
    'kubelet-client-certificate': certificate,
    'kubelet-client-key': keyFile,
  };
}

describe.for(present)("on Kubernetes' own API server and controllers, %s", (version) => {
  let directory: string;
  let real: RealApiServer;
  let mesos: Mesos;
  /** The administrator's, and the framework's own. */
  let kube: KubeClient;
  let own: KubeClient;
  let start: () => Promise<KmScheduler>;
  /** What the API server did not allow the scheduler. */
  const refusals: string[] = [];
  const note = (fields: object): void => {
    if ('err' in fields && isForbidden(fields.err)) refusals.push(String(fields.err));
  };
  let scheduler: KmScheduler;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'km-real-'));
    const flags = await kubeletClientFlags(directory);
    real = await startRealApiServer({ version, controllers: true, authorization: 'RBAC', users, flags });
    const access = { server: real.url, token: real.token, insecureSkipTlsVerify: true };
    kube = createKubeClient(access);
    own = createKubeClient({ ...access, token: 'km-framework' });
    await vi.waitFor(() => kube.get(namespaces, 'kube-node-lease'), PATIENCE);
    await apply('framework/rights.yaml');
    await kube.create(clusterRoleBindings, {
      metadata: { name: 'apiserver-kubelet-client' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:kubelet-api-admin' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: KUBELET_CLIENT }],
    });
    mesos = await startMesos({
      agents: [1, 2, 3].map((n) => ({ resources: 'cpus:4;mem:2048;ports:[31000-31099]', hostname: `agent-${n}` })),
      workDir: join(directory, 'mesos'),
    });
    const command = await buildExecutor(directory, {
      KM_API_SERVER: real.url,
      KM_API_CREDENTIALS: JSON.stringify({ token: 'km-executor', insecureSkipTlsVerify: true }),
    });
    start = () =>
      startScheduler({
        frameworkStore: new KubeFrameworkStore({ kube: own }),
        mesosMaster: mesos.master.url,
        kube: own,
        executor: { command },
        logger: { debug: note, info: note, warn: note, error: note },
        failoverTimeout: 300,
        checkpoint: true,
      });
    scheduler = await start();
  });
  afterAll(async () => {
    await scheduler?.close({ teardown: true });
    await mesos?.close();
    kube?.close();
    own?.close();
    await real?.close();
    await rm(directory, { recursive: true, force: true });
  });

  const namespace = 'default';
  const runningPods = async (): Promise<Pod[]> =>
    (await listAll(kube, pods, { namespace })).items.filter(
      ({ metadata, status }) => metadata?.deletionTimestamp === undefined && status?.phase === 'Running',
    );
  /** Waits until every deployment has what it wants, on nodes that are Ready, and Mesos runs the same tasks. */
  const settled = (wanted: Readonly<Record<string, number>>): Promise<Pod[]> =>
    vi.waitFor(async () => {
      const { items } = await listAll(kube, deployments, { namespace });
      const available = items.map(({ metadata, status }) => [metadata?.name, status?.availableReplicas ?? 0]);
      expect(Object.fromEntries(available)).toEqual(wanted);
      for (const { metadata, spec, status } of items)
        expect(status).toMatchObject({ observedGeneration: metadata?.generation, updatedReplicas: spec?.replicas });
      const found = await runningPods();
      const master = createMasterClient({ master: mesos.master.url });
      const { get_tasks: known } = await master.call({ type: 'GET_TASKS' });
      master.close();
      const tasks = (known.tasks ?? [])
        .filter(({ state }) => state === 'TASK_RUNNING')
        .map(({ task_id: id }) => id.value);
      expect(tasks.sort()).toEqual(found.map(({ metadata }) => metadata?.annotations?.[TASK_ID]).sort());
      return found;
    }, PATIENCE);
  const apply = async (file: string): Promise<void> => {
    for (const document of parseAllDocuments(await readFile(join(examples, file), 'utf8'))) {
      const object = document.toJS() as Required<Pick<Deployment, 'apiVersion' | 'kind' | 'metadata'>>;
      const group = object.apiVersion.includes('/') ? `/apis/${object.apiVersion}` : `/api/${object.apiVersion}`;
      const place = object.kind.startsWith('Cluster') ? '' : `/namespaces/${object.metadata.namespace ?? namespace}`;
      const path = `${group}${place}/${object.kind.toLowerCase()}s`;
      const { status, body } = await kube.request('POST', path, { body: object });
      expect(status, body).toBe(201);
    }
  };
  const scale = (name: string, replicas: number) =>
    kube.patch(deployments, name, { spec: { replicas } }, { namespace, type: 'merge' });
  const uidsOf = (found: readonly Pod[]) => found.map(({ metadata }) => metadata?.uid).sort();

  it('brings the guestbook up on nodes that are Ready', { timeout: 120_000 }, async () => {
    for (const file of ['redis-leader', 'redis-follower', 'frontend']) await apply(`guestbook/${file}.yaml`);
    const found = await settled(WANTED);
    expect(new Set(found.map(({ spec }) => spec?.nodeName)).size).toBe(3);
    const { items } = await kube.list(nodes);
    expect(items.map(({ metadata, status }) => [metadata?.name, status?.conditions?.[0]?.status])).toEqual([
      ['agent-1', 'True'],
      ['agent-2', 'True'],
      ['agent-3', 'True'],
    ]);
    await vi.waitFor(async () => {
      const { subsets = [] } = await kube.get(endpoints, 'frontend', { namespace });
      expect(subsets.flatMap(({ addresses = [] }) => addresses)).toHaveLength(3);
    }, PATIENCE);
  });

  it('serves the logs of its pods through the API server', async () => {
    const [pod] = await runningPods();
    const path = `/api/v1/namespaces/${namespace}/pods/${pod?.metadata?.name}/log`;
    const answer = await kube.request('GET', path);
    expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('is hollow') });
    const { status } = await kube.get(nodes, pod?.spec?.nodeName ?? '');
    const port = status?.daemonEndpoints?.kubeletEndpoint?.Port ?? 0;
    expect(await askKubelet(port, '/pods')).toMatchObject({ status: 401 });
    // The right to read logs through the API server is none to read all of a node.
    expect(await askKubelet(port, '/pods', { token: 'km-executor' })).toMatchObject({ status: 403 });
    expect(await askKubelet(port, '/pods', { token: real.token })).toMatchObject({ status: 200 });
  });

  it('has the rights that it needs, and an election takes', async () => {
    const election = new LeaderElection({ kube: own, name: 'km-scheduler-test', identity: 'me', retryPeriod: 100 });
    const lead = await election.campaign(AbortSignal.timeout(PATIENCE.timeout));
    expect(election.holder).toBe('me');
    expect(refusals).toEqual([]);
    await lead.resign();
  });

  it('scales it up and down', { timeout: 240_000 }, async () => {
    await scale('frontend', 6);
    await settled({ ...WANTED, frontend: 6 });
    await scale('frontend', 2);
    await settled({ ...WANTED, frontend: 2 });
  });

  it('rolls a new template out', { timeout: 120_000 }, async () => {
    const before = uidsOf(await runningPods());
    const annotations = { rolled: 'yes' };
    await kube.patch(
      deployments,
      'frontend',
      { spec: { template: { metadata: { annotations } } } },
      { namespace, type: 'merge' },
    );
    const found = await settled({ ...WANTED, frontend: 2 });
    const rolled = found.filter(({ metadata }) => metadata?.annotations?.['rolled'] === 'yes');
    expect(rolled).toHaveLength(2);
    expect(before).not.toEqual(expect.arrayContaining(uidsOf(rolled)));
  });

  it('keeps every pod over a restart of the scheduler', { timeout: 120_000 }, async () => {
    const before = uidsOf(await runningPods());
    const { frameworkId } = scheduler.health();
    await scheduler.close();
    await scale('redis-follower', 3);
    scheduler = await start();
    expect(scheduler.health().frameworkId).toBe(frameworkId);
    const found = uidsOf(await settled({ ...WANTED, frontend: 2, 'redis-follower': 3 }));
    expect(found).toEqual(expect.arrayContaining(before));
  });

  it('replaces the pods of an agent that dies', { timeout: 120_000 }, async () => {
    const lost = (await runningPods()).filter(({ spec }) => spec?.nodeName === 'agent-2');
    expect(lost).not.toEqual([]);
    await mesos.agents[1]?.close();
    const found = await settled({ ...WANTED, frontend: 2, 'redis-follower': 3 });
    expect(new Set(found.map(({ spec }) => spec?.nodeName))).toEqual(new Set(['agent-1', 'agent-3']));
    expect(uidsOf(found)).not.toEqual(expect.arrayContaining(uidsOf(lost)));
  });
});
