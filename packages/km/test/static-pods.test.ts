import { nodes, pods, type Pod } from '@kmd/kube-client';
import { afterEach, expect, it } from 'vitest';
import { MIRROR } from '../src/annotation.js';
import { packStaticPods, readStaticPods, StaticPodError } from '../src/static-pod.js';
import { agent, isRunning, startCluster, type Cluster } from './cluster.js';

let cluster: Cluster | undefined;
afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
});

const log: Pod = {
  metadata: { name: 'log', namespace: 'kube-system' },
  spec: { containers: [{ name: 'c', image: 'i' }] },
};

it("a static pod is counted as its executor's, and comes back when it is deleted", async () => {
  cluster = await startCluster([agent(1), agent(2)], { staticPods: [log] });
  const { create, until, pod, eventually, kube, scheduler } = cluster;
  // Without an executor there is none (spec B19).
  await create('p', { spec: { containers: [{ name: 'c' }], nodeName: 'agent-1' } });
  const mirror = await until('log-agent-1', isRunning);
  expect(mirror.spec?.nodeName).toBe('agent-1');
  expect(mirror.metadata?.annotations?.[MIRROR]).toBeDefined();
  expect(mirror.metadata?.ownerReferences?.[0]).toMatchObject({ kind: 'Node', name: 'agent-1' });
  expect(await pod('log-agent-2')).toBeUndefined();
  // The executor is bigger by the pod: 0.25 and 0.25 of 4 cpus.
  const node = await kube.get(nodes, 'agent-1');
  expect(node.status?.capacity).toMatchObject({ cpu: '3500m', memory: '1088Mi' });
  await create('q', { spec: { containers: [{ name: 'c' }], nodeName: 'agent-2' } });
  await until('log-agent-2', isRunning);
  await kube.delete(pods, 'log-agent-1', { namespace: 'kube-system' });
  const again = await until('log-agent-1', (of) => isRunning(of) && of.metadata?.uid !== mirror.metadata?.uid);
  expect(again.spec?.nodeName).toBe('agent-1');
  // It is no task: the scheduler leaves it alone.
  await eventually(
    () => scheduler.health().tasks.running,
    (running) => running === 2,
  );
});

it('static pods are part of the executor id: a changed set reaches agents that run another', () => {
  const one = packStaticPods([log]);
  const other = packStaticPods([{ ...log, metadata: { name: 'other' } }]);
  expect(one?.hash).not.toBe(other?.hash);
  expect(one?.demand).toEqual({ cpus: 0.25, mem: 64 });
  expect(readStaticPods(one?.data ?? '')[0]?.spec?.containers[0]?.resources?.limits).toEqual({
    cpu: '250m',
    memory: '64Mi',
  });
  expect(packStaticPods([])).toBeUndefined();
  expect(() => packStaticPods([{ metadata: {} }])).toThrow(StaticPodError);
});
