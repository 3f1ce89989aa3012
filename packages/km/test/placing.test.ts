import { pods, type Pod } from '@kmd/kube-client';
import { afterEach, expect, it } from 'vitest';
import { agent, startCluster, type Cluster } from './cluster.js';
import { startScheduler } from '../src/scheduler/start.js';

let cluster: Cluster;
afterEach(() => cluster.close());

const isRunning = (pod: Pod): boolean => pod.status?.phase === 'Running';
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
