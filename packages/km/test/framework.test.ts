import { text } from 'node:stream/consumers';
import { KubeError, leases, nodes, pods, type Node, type Pod } from '@kmd/kube-client';
import { afterEach, describe, expect, it } from 'vitest';
import { AGENT_ID, BINDING_HOST, EXECUTOR_ID, TASK_ID } from '../src/annotation.js';
import { LossyProxy } from './lossy-proxy.js';
import { askKubelet, openKubelet } from './ask-kubelet.js';
import { agent, isRunning, startCluster, type Cluster } from './cluster.js';

/** Beside the acceptance list (acceptance.test.ts): what the original did not do, or did wrong. */
let cluster: Cluster;
const start = async (...args: Parameters<typeof startCluster>): Promise<Cluster> =>
  (cluster = await startCluster(...args));
afterEach(() => cluster.close());

const node = (name: string): Promise<Node> => cluster.kube.get(nodes, name).catch(() => ({}));
const limits = (cpu: string, memory = '64Mi'): Partial<Pod> => ({
  spec: { containers: [{ name: 'c', image: 'i', resources: { limits: { cpu, memory } } }] },
});

describe('nodes', () => {
  it('an agent added later becomes a node', async () => {
    await start([agent(1)], { offerTtl: 50 });
    await cluster.eventually(
      () => cluster.scheduler.health(),
      ({ offers, agents }) => offers === 0 && agents === 1,
    );
    await cluster.mesos.addAgent(agent(2));
    await cluster.eventually(
      () => cluster.kube.list(nodes),
      ({ items }) => items.length === 2,
    );
  });

  it('the executor speaks for its node: kubelet port, executor annotations, lease', async () => {
    await start([agent(1)]);
    await cluster.create('p');
    const made = await cluster.eventually(
      () => node('agent-1'),
      (of) => of.status?.daemonEndpoints?.kubeletEndpoint !== undefined,
    );
    const port = made.status?.daemonEndpoints?.kubeletEndpoint?.Port ?? 0;
    cluster.kube.tokens.set('t', 'me');
    expect(await askKubelet(port, '/healthz', { token: 't' })).toEqual({ status: 200, body: 'ok' });
    expect(made.metadata?.annotations?.[EXECUTOR_ID]).toBe(cluster.scheduler.health().executorId);
    expect(made.status?.conditions?.[0]).toMatchObject({ type: 'Ready', reason: 'KubeletReady' });
    await cluster.eventually(
      () => cluster.kube.list(leases),
      ({ items }) => items[0]?.spec?.holderIdentity === 'agent-1',
    );
  });
});

describe('placing', () => {
  it('many pods come up at once, several on each offer, spread over the agents', async () => {
    await start([agent(1), agent(2)]);
    await Promise.all(Array.from({ length: 24 }, (_, i) => cluster.create(`p${i}`)));
    await cluster.eventually(
      async () => (await cluster.kube.list(pods)).items.filter(isRunning).length,
      (running) => running === 24,
    );
    const { items } = await cluster.kube.list(pods);
    const onFirst = items.filter(({ spec }) => spec?.nodeName === 'agent-1').length;
    expect(onFirst).toBeGreaterThanOrEqual(10);
    expect(onFirst).toBeLessThanOrEqual(14);
    expect(new Set(items.map(({ status }) => status?.podIP)).size).toBe(24);
    await cluster.eventually(
      () => cluster.scheduler.health().tasks,
      ({ running }) => running === 24,
    );
  });

  it('a pod finds its place after the offers were declined', async () => {
    await start([agent(1)], { offerTtl: 20 });
    await cluster.eventually(
      () => cluster.scheduler.health(),
      ({ offers, agents }) => offers === 0 && agents === 1,
    );
    await cluster.create('late');
    await cluster.until('late', isRunning);
  });

  it('a pod finds its place after the framework was suppressed', async () => {
    await start([agent(1)], { offerTtl: 20, suppressWhenIdle: true });
    await cluster.eventually(
      () => cluster.scheduler.health(),
      ({ offers, agents }) => offers === 0 && agents === 1,
    );
    await cluster.create('late');
    await cluster.until('late', isRunning);
  });

  it('node selectors, cordons and preset node names are kept', async () => {
    await start([agent(1, { attributes: 'rack:1' }), agent(2, { attributes: 'rack:2' })]);
    await cluster.create('by-rack', {
      spec: { containers: [{ name: 'c' }], nodeSelector: { 'k8s.mesosphere.io/attribute-rack': '2' } },
    });
    expect((await cluster.until('by-rack', isRunning)).spec?.nodeName).toBe('agent-2');
    await cluster.create('by-name', { spec: { containers: [{ name: 'c' }], nodeName: 'agent-1' } });
    await cluster.until('by-name', isRunning);
    await cluster.kube.patch(nodes, 'agent-1', { spec: { unschedulable: true } }, { type: 'merge' });
    await cluster.create('elsewhere');
    expect((await cluster.until('elsewhere', isRunning)).spec?.nodeName).toBe('agent-2');
  });
});

describe('the end of pods', () => {
  it('a pod deleted by force takes its task with it', async () => {
    await start([agent(1)]);
    await cluster.create('p');
    await cluster.until('p', isRunning);
    await cluster.kube.delete(pods, 'p', { namespace: 'default', gracePeriodSeconds: 0 });
    await cluster.eventually(cluster.tasks, (tasks) => tasks.get('p.default.pod') === 'TASK_KILLED');
  });

  it('a completed pod gives its resources back (the original kept them)', async () => {
    await start([agent(1)]);
    const done = (code: string): Partial<Pod> => ({
      metadata: { annotations: { 'kmd.dev/hollow-exit-after': '10ms', 'kmd.dev/hollow-exit-code': code } },
      spec: { restartPolicy: 'Never', containers: [{ name: 'c', resources: { limits: { cpu: '3' } } }] },
    });
    await cluster.create('good', done('0'));
    await cluster.until('good', ({ status }) => status?.phase === 'Succeeded');
    await cluster.create('bad', done('3'));
    await cluster.until('bad', ({ status }) => status?.phase === 'Failed');
    const tasks = await cluster.eventually(cluster.tasks, (all) => all.get('bad.default.pod') === 'TASK_FAILED');
    expect(tasks.get('good.default.pod')).toBe('TASK_FINISHED');
    expect(await cluster.pod('good')).toBeDefined();
  });

  it('the pod of a lost task is deleted, however often the API server refuses at first', async () => {
    await start([agent(1)]);
    await cluster.create('p');
    await cluster.until('p', isRunning);
    let refused = 0;
    cluster.kube.refuse = (request) =>
      request === 'DELETE pods/p' && refused++ < 2 ? new KubeError(503, 'ServiceUnavailable', 'not now') : undefined;
    await cluster.mesos.agents[0]?.close();
    await cluster.gone('p');
    expect(refused).toBe(3);
  });

  it('a launch that got lost on its way is made again: its offers are had back', async () => {
    cluster = await startCluster([agent(1)], {}, false);
    const proxy = new LossyProxy(cluster.mesos.master.url);
    try {
      await cluster.restartScheduler({ mesosMaster: await proxy.listen() });
      let lost = 0;
      proxy.lose = ({ type }) => type === 'ACCEPT' && lost++ === 0;
      await cluster.create('p');
      await cluster.until('p', isRunning);
      expect(lost).toBe(2);
    } finally {
      await cluster.scheduler.close();
      proxy.close();
    }
  });
});

describe('what no pod stands for', () => {
  it('a task whose pod is gone is killed', async () => {
    await start([agent(1)], { failoverTimeout: 600 });
    await cluster.create('p');
    await cluster.until('p', isRunning);
    await cluster.eventually(
      () => cluster.scheduler.health().tasks.running,
      (running) => running === 1,
    );
    // The executor does not hear of the deletion, and the scheduler is away.
    await cluster.scheduler.close();
    cluster.kube.forget('p');
    await cluster.restartScheduler();
    cluster.scheduler.debug.reconcile('implicit');
    const alive = ['TASK_STAGING', 'TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING'];
    await cluster.eventually(cluster.tasks, (tasks) => !alive.includes(tasks.get('p.default.pod') ?? ''));
  });

  it('a pod whose task the master does not know is replaced', async () => {
    await start([agent(1)], { failoverTimeout: 600 });
    await cluster.kube.create(pods, {
      metadata: {
        name: 'ghost',
        namespace: 'default',
        annotations: { [TASK_ID]: 'pod.gone', [AGENT_ID]: 'gone-S0', [BINDING_HOST]: 'agent-1' },
      },
      spec: { containers: [{ name: 'c' }], nodeName: 'agent-1' },
      status: { phase: 'Running' },
    });
    await cluster.restartScheduler();
    await cluster.gone('ghost');
  });

  it("a pod whose binding is seen after its scheduler's end is taken on, and replaced if its task is gone", async () => {
    await start([agent(1)]);
    // Too large for this scheduler to launch it first.
    await cluster.create('p', limits('9'));
    // As an executor binds it that was launched by an earlier scheduler, and was killed before anybody heard of its task.
    const annotations = {
      [TASK_ID]: 'pod.of-an-earlier-scheduler',
      [AGENT_ID]: cluster.mesos.agents[0]?.id,
      [BINDING_HOST]: 'agent-1',
    };
    await cluster.kube.patch(pods, 'p', { metadata: { annotations } }, { namespace: 'default', type: 'merge' });
    await cluster.gone('p');
  });

  it('a pod that the executor of a failed launch bound after all is replaced, for its task is gone', async () => {
    await start([agent(1)]);
    const { kube, mesos } = cluster;
    // The binding of an executor that was killed meanwhile lands just before that of the launch made in its place.
    const annotations = { [TASK_ID]: 'pod.first', [AGENT_ID]: mesos.agents[0]?.id, [BINDING_HOST]: 'agent-1' };
    kube.refuse = (request) => {
      if (request !== 'POST/binding pods/p') return undefined;
      kube.refuse = () => undefined;
      void kube.patch(pods, 'p', { metadata: { annotations } }, { namespace: 'default', type: 'merge' });
      return new KubeError(409, 'Conflict', 'pod p is already assigned to node "agent-1"');
    };
    await cluster.create('p');
    await cluster.gone('p');
  });

  it("pods with somebody's annotations are no broken ones (the original deleted them at a restart)", async () => {
    await start([agent(1)], { failoverTimeout: 600 });
    await cluster.create('mine', { metadata: { annotations: { note: 'hello' } }, ...limits('9') });
    await cluster.restartScheduler();
    expect(await cluster.pod('mine')).toBeDefined();
    expect(cluster.scheduler.health().waiting).toBe(1);
  });
});

describe('logs', () => {
  it("are truthful, and served at the kubelet's path", async () => {
    await start([agent(1)]);
    await cluster.create('p');
    await cluster.until('p', isRunning);
    const made = await cluster.eventually(
      () => node('agent-1'),
      (of) => of.status?.daemonEndpoints?.kubeletEndpoint !== undefined,
    );
    const port = made.status?.daemonEndpoints?.kubeletEndpoint?.Port ?? 0;
    cluster.kube.tokens.set('t', 'me');
    const read = (query = '', path = 'default/p/c') =>
      askKubelet(port, `/containerLogs/${path}${query}`, { token: 't' });
    const line = 'container c of image busybox is hollow: the embedded runtime runs no containers\n';
    expect(await read()).toEqual({ status: 200, body: line });
    expect((await read('?limitBytes=9')).body).toBe('container');
    expect((await read('?tailLines=0')).body).toBe('');
    expect((await read('?timestamps=true')).body).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z container c /);
    expect((await read('?previous=true')).status).toBe(400);
    expect((await read('', 'default/p/nope')).status).toBe(404);
    expect((await read('', 'default/x/c')).status).toBe(404);
    // A follower is told of the end.
    const following = await openKubelet(port, '/containerLogs/default/p/c?follow=true', { token: 't' });
    await cluster.kube.delete(pods, 'p', { namespace: 'default' });
    expect(await text(following)).toBe(`${line}container c was asked to stop\n`);
  });
});
