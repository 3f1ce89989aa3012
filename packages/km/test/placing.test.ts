import { events, nodes, pods, type Pod } from '@kmd/kube-client';
import { afterEach, expect, it } from 'vitest';
import { agent, isRunning, startCluster, type Cluster } from './cluster.js';
import { startScheduler } from '../src/scheduler/start.js';

let cluster: Cluster;
afterEach(() => cluster.close());

const small = (owner: string): Partial<Pod> => ({
  metadata: {
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, uid: owner, controller: true }],
  },
  spec: { containers: [{ name: 'c', resources: { limits: { cpu: '100m', memory: '64Mi' } } }] },
});
const places = async (prefix: string): Promise<(string | undefined)[]> =>
  (await cluster.kube.list(pods)).items
    .filter(({ metadata }) => metadata?.name?.startsWith(prefix))
    .map(({ spec }) => spec?.nodeName)
    .sort();

it('spreads the pods of one controller, also when one agent is much emptier', async () => {
  cluster = await startCluster([agent(1), agent(2)]);
  await cluster.create('heavy', {
    spec: { containers: [{ name: 'c', resources: { limits: { cpu: '2' } } }], nodeName: 'agent-1' },
  });
  await cluster.until('heavy', isRunning);
  for (const name of ['web-1', 'web-2', 'web-3', 'web-4']) await cluster.create(name, small('web'));
  for (const name of ['web-1', 'web-2', 'web-3', 'web-4']) await cluster.until(name, isRunning);
  expect(await places('web')).toEqual(['agent-1', 'agent-1', 'agent-2', 'agent-2']);
});

it('spreads pods that come one by one, although the other agent was given back meanwhile', async () => {
  cluster = await startCluster([agent(1), agent(2)], { offerTtl: 100 });
  for (const name of ['db-1', 'db-2', 'db-3', 'db-4']) {
    await cluster.create(name, small('db'));
    await cluster.until(name, isRunning);
    // The offer of the agent that was not used expires before the next pod comes.
    await cluster.eventually(
      () => cluster.scheduler.health().offers,
      (offers) => offers < 2,
    );
  }
  expect(await places('db')).toEqual(['agent-1', 'agent-1', 'agent-2', 'agent-2']);
});

it('packs by choice: the second agent stays empty while the first has room', async () => {
  cluster = await startCluster([agent(1), agent(2)], { placing: 'pack' });
  for (const name of ['a', 'b', 'c', 'd']) {
    await cluster.create(name, small('web'));
    await cluster.until(name, isRunning);
  }
  expect(new Set((await cluster.kube.list(pods)).items.map(({ spec }) => spec?.nodeName)).size).toBe(1);
});

const labelled = (app: string, spec: Partial<NonNullable<Pod['spec']>>): Partial<Pod> => ({
  metadata: { labels: { app } },
  spec: { containers: small('x').spec?.containers ?? [], ...spec },
});
const HOST = 'kubernetes.io/hostname';
const beside = (app: string) => [{ labelSelector: { matchLabels: { app } }, topologyKey: HOST }];

it('keeps pods apart by anti-affinity, tells the one too many why, and places it when there is room', async () => {
  cluster = await startCluster([agent(1), agent(2)]);
  const apart = labelled('db', {
    affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: beside('db') } },
  });
  for (const name of ['db-1', 'db-2', 'db-3']) await cluster.create(name, apart);
  await cluster.eventually(
    () => places('db'),
    (found) => found.filter((host) => host !== undefined).length === 2,
  );
  expect(new Set(await places('db'))).toEqual(new Set(['agent-1', 'agent-2', undefined]));
  await cluster.eventually(
    async () => (await cluster.kube.list(events)).items.map(({ message }) => message),
    (all) =>
      all.some((text) => text?.startsWith(`0/2 agents fit: 2 with a pod that anti-affinity keeps apart (${HOST})`)),
  );
  await cluster.mesos.addAgent(agent(3));
  for (const name of ['db-1', 'db-2', 'db-3']) await cluster.until(name, isRunning);
  expect(await places('db')).toEqual(['agent-1', 'agent-2', 'agent-3']);
});

it('a pod that wants to be beside another waits for it, and goes where it goes', async () => {
  cluster = await startCluster([agent(1), agent(2)]);
  const near = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: beside('db') } };
  await cluster.create('web', labelled('web', { affinity: near }));
  await cluster.eventually(
    () => cluster.scheduler.health().waiting,
    (waiting) => waiting === 1,
  );
  await cluster.create('db', labelled('db', { nodeSelector: { [HOST]: 'agent-2' } }));
  expect((await cluster.until('web', isRunning)).spec?.nodeName).toBe('agent-2');
});

it('topology spread is kept in one round of placing, and preferences decide between agents that fit', async () => {
  cluster = await startCluster([
    agent(1, { attributes: 'zone:a' }),
    agent(2, { attributes: 'zone:a' }),
    agent(3, { attributes: 'zone:b' }),
  ]);
  const zone = 'k8s.mesosphere.io/attribute-zone';
  const spread = labelled('web', {
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: zone,
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: { matchLabels: { app: 'web' } },
      },
    ],
  });
  const names = ['web-1', 'web-2', 'web-3', 'web-4'];
  await Promise.all(names.map((name) => cluster.create(name, spread)));
  for (const name of names) await cluster.until(name, isRunning);
  expect((await places('web')).filter((host) => host === 'agent-3')).toHaveLength(2);

  const preference = { matchExpressions: [{ key: zone, operator: 'In', values: ['b'] }] };
  const likes = { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference }] } };
  await cluster.create('likes-b', labelled('other', { affinity: likes }));
  expect((await cluster.until('likes-b', isRunning)).spec?.nodeName).toBe('agent-3');
});

it('GPUs are shown by nodes, given once, and taken by pods that ask for them', async () => {
  cluster = await startCluster([agent(1, { resources: 'cpus:4;mem:1280;gpus:1;ports:[31000-31099]' })]);
  const gpu = { containers: [{ name: 'c', resources: { limits: { 'nvidia.com/gpu': '1' } } }] };
  await cluster.create('first', { spec: gpu });
  await cluster.until('first', isRunning);
  expect((await cluster.kube.get(nodes, 'agent-1')).status?.capacity?.['nvidia.com/gpu']).toBe('1');
  await cluster.create('second', { spec: gpu });
  await cluster.eventually(
    async () => (await cluster.kube.list(events)).items.map(({ message }) => message),
    (all) => all.some((text) => text?.includes('without enough gpus (1 wanted, 0 free)')),
  );
  await cluster.kube.delete(pods, 'first', { namespace: 'default' });
  await cluster.until('second', isRunning);
});

it('leaves the pods of a framework with another scheduler name alone', async () => {
  cluster = await startCluster([agent(1)]);
  const { metadata } = await cluster.create('theirs');
  await cluster.until('theirs', isRunning);
  const other = await startScheduler({
    mesosMaster: cluster.mesos.master.url,
    kube: cluster.kube,
    executor: { command: { shell: false, value: 'executor' } },
    frameworkName: 'other',
    schedulerName: 'other',
  });
  try {
    await cluster.eventually(
      () => other.health().subscribed,
      (subscribed) => subscribed,
    );
    // The master has answered what the framework asked about its tasks once it has its offers.
    await cluster.eventually(
      () => other.metrics(),
      (text) => /^mesos_offers_received\{/m.test(text),
    );
    expect((await cluster.pod('theirs'))?.metadata?.uid).toBe(metadata?.uid);
    expect([...(await cluster.tasks()).values()]).toEqual(['TASK_RUNNING']);
  } finally {
    await other.close();
  }
});
