import { nodes, pods, type Node, type Pod } from '@kmd/kube-client';
import { afterEach, expect, it } from 'vitest';
import { agent, isRunning, startCluster, type Cluster } from './cluster.js';

let cluster: Cluster;
afterEach(() => cluster.close());

const node = (name: string): Promise<Node | undefined> => cluster.kube.get(nodes, name).catch(() => undefined);

it('a node that somebody deleted is registered again', async () => {
  cluster = await startCluster([agent(1)]);
  const before = await cluster.eventually(
    () => node('agent-1'),
    (of) => of !== undefined,
  );
  await cluster.kube.delete(nodes, 'agent-1');
  const after = await cluster.eventually(
    () => node('agent-1'),
    (of) => of !== undefined,
  );
  expect(after?.metadata?.uid).not.toBe(before?.metadata?.uid);
});

it('so is the node of a running executor, with everything that only the executor knows', async () => {
  cluster = await startCluster([agent(1)], { offerTtl: 50 });
  await cluster.create('p');
  await cluster.until('p', isRunning);
  const kubelet = (of: Node | undefined): number | undefined => of?.status?.daemonEndpoints?.kubeletEndpoint?.Port;
  const before = await cluster.eventually(
    () => node('agent-1'),
    (of) => kubelet(of) !== undefined,
  );
  await cluster.kube.delete(nodes, 'agent-1');
  const after = await cluster.eventually(
    () => node('agent-1'),
    (of) => kubelet(of) !== undefined,
  );
  expect(after?.metadata?.uid).not.toBe(before?.metadata?.uid);
  expect(kubelet(after)).toBe(kubelet(before));
});

it('the node of an agent that does not come back is deleted; that of one which lives stays', async () => {
  cluster = await startCluster([agent(1), agent(2)], { lostNodeGrace: 1_000 });
  await cluster.create('p', { spec: { containers: [{ name: 'c' }], nodeName: 'agent-1' } });
  await cluster.until('p', isRunning);
  await cluster.mesos.agents[0]?.close();
  await cluster.gone('p');
  await cluster.eventually(
    () => node('agent-1'),
    (of) => of === undefined,
  );
  expect(await node('agent-2')).toBeDefined();
});

it('executors of another version are replaced agent by agent, and pods without a controller are left alone', async () => {
  cluster = await startCluster([agent(1), agent(2)], { failoverTimeout: 600 });
  const owned: Partial<Pod> = {
    metadata: {
      ownerReferences: [{ apiVersion: 'v1', kind: 'ReplicationController', name: 'rc', uid: 'rc', controller: true }],
    },
  };
  await cluster.create('owned', { ...owned, spec: { containers: [{ name: 'c' }], nodeName: 'agent-1' } });
  await cluster.create('alone', { spec: { containers: [{ name: 'c' }], nodeName: 'agent-2' } });
  await cluster.until('owned', isRunning);
  await cluster.until('alone', isRunning);
  await cluster.restartScheduler({ executor: { command: { shell: false, value: 'executor', arguments: ['--new'] } } });
  await cluster.gone('owned');
  // Its agent takes pods again, on the new executor; the other one goes on with the old until its pod has ended.
  await cluster.create('next', { spec: { containers: [{ name: 'c' }], nodeName: 'agent-1' } });
  const next = await cluster.until('next', isRunning);
  expect(next.metadata?.annotations?.['k8s.mesosphere.io/executorId']).toBe(cluster.scheduler.health().executorId);
  const alone = await cluster.pod('alone');
  expect(alone?.metadata?.annotations?.['k8s.mesosphere.io/executorId']).not.toBe(
    cluster.scheduler.health().executorId,
  );
  await cluster.kube.delete(pods, 'alone', { namespace: 'default' });
  await cluster.create('last', { spec: { containers: [{ name: 'c' }], nodeName: 'agent-2' } });
  await cluster.until('last', isRunning);
});
