import { events, KubeError, leases, nodes, pods, type Node, type Pod } from '@kmd/kube-client';
import { createMasterClient, MemoryFrameworkStore } from '@kmd/mesos-client';
import { afterEach, describe, expect, it } from 'vitest';
import { AGENT_ID, BINDING_HOST, EXECUTOR_ID, OFFER_ID, portAnnotation, ROLES, TASK_ID } from '../src/annotation.js';
import { LossyProxy } from './lossy-proxy.js';
import { agent, startCluster, type Cluster } from './cluster.js';

/** The acceptance list at the end of the framework's specification, as far as it can be shown without Docker; its numbers lead the names. */
let cluster: Cluster;
const start = async (...args: Parameters<typeof startCluster>): Promise<Cluster> =>
  (cluster = await startCluster(...args));
afterEach(() => cluster.close());

const isRunning = (pod: Pod): boolean => pod.status?.phase === 'Running';
const node = (name: string): Promise<Node> => cluster.kube.get(nodes, name).catch(() => ({}));
const ready = (of: Node): string | undefined => of.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
const messages = async (reason: string): Promise<string[]> =>
  (await cluster.kube.list(events)).items
    .filter((event) => event.reason === reason)
    .map(({ message }) => message ?? '');
const limits = (cpu: string, memory = '64Mi'): Partial<Pod> => ({
  spec: { containers: [{ name: 'c', image: 'i', resources: { limits: { cpu, memory } } }] },
});

describe('nodes', () => {
  it('1, 2: the first offer of an agent makes a node with attribute labels, Ready without an executor', async () => {
    await start([agent(1, { attributes: 'rack:1;gen:2011' })]);
    const made = await cluster.eventually(
      () => cluster.kube.list(nodes),
      ({ items }) => items.length === 1,
    );
    expect(made.items[0]?.metadata?.labels).toMatchObject({
      'kubernetes.io/hostname': 'agent-1',
      'k8s.mesosphere.io/attribute-rack': '1',
      'k8s.mesosphere.io/attribute-gen': '2011',
    });
    expect(ready(made.items[0] ?? {})).toBe('True');
    // 4 cpus and 1280 MB without the executor's 0.25 and 128 (the original cut to whole cpus).
    expect(made.items[0]?.status?.capacity).toMatchObject({ cpu: '3750m', memory: '1152Mi', pods: '110' });
    expect(cluster.scheduler.health()).toMatchObject({ subscribed: true, agents: 1, offers: 1 });
  });

  it('1: that first offer is not wasted: the pod is launched on it (the original declined it)', async () => {
    await start([agent(1)]);
    await cluster.create('p');
    const pod = await cluster.until('p', isRunning);
    expect(pod.metadata?.annotations?.[OFFER_ID]).toMatch(/-O0$/);
  });

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
    expect(await (await fetch(`http://127.0.0.1:${port}/healthz`)).text()).toBe('ok');
    expect(made.metadata?.annotations?.[EXECUTOR_ID]).toBe(cluster.scheduler.health().executorId);
    expect(made.status?.conditions?.[0]).toMatchObject({ type: 'Ready', reason: 'KubeletReady' });
    await cluster.eventually(
      () => cluster.kube.list(leases),
      ({ items }) => items[0]?.spec?.holderIdentity === 'agent-1',
    );
  });
});

describe('placing', () => {
  it('3, 8: a pod becomes a task; the API server gets the annotations at the binding', async () => {
    await start([agent(1)]);
    const containers = [{ name: 'c', image: 'nginx', ports: [{ containerPort: 80, name: 'http' }] }];
    await cluster.create('web', { spec: { containers } });
    const pod = await cluster.until('web', isRunning);
    expect(pod.spec?.nodeName).toBe('agent-1');
    const annotations = pod.metadata?.annotations ?? {};
    expect(annotations[portAnnotation('TCP', 80)]).toBe('31000');
    expect(annotations[BINDING_HOST]).toBe('agent-1');
    expect(annotations[TASK_ID]).toMatch(/^pod\.[0-9a-f-]{36}$/);
    expect(annotations[AGENT_ID]).toBe(cluster.mesos.agents[0]?.id);
    await cluster.eventually(cluster.tasks, (tasks) => tasks.get('web.default.pod') === 'TASK_RUNNING');
    expect(await messages('Scheduled')).toEqual(['Successfully assigned default/web to agent-1']);
    // The user's spec stays as he wrote it.
    expect(pod.spec?.containers[0]?.resources).toBeUndefined();
  });

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

  it('4: with the label portMapping=fixed, a port without a host port reserves none', async () => {
    await start([agent(1)]);
    await cluster.create('fixed', {
      metadata: { labels: { 'k8s.mesosphere.io/portMapping': 'fixed' } },
      spec: { containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 80 }] }] },
    });
    const pod = await cluster.until('fixed', isRunning);
    expect(pod.metadata?.annotations?.[portAnnotation('TCP', 80)]).toBeUndefined();
    const { get_tasks: found } = await createMasterClient({ master: cluster.mesos.master.url }).call({
      type: 'GET_TASKS',
    });
    expect(found.tasks?.[0]?.resources?.map(({ name }) => name).sort()).toEqual(['cpus', 'mem']);
  });

  it('5: roles=public runs only on the agent with that role', async () => {
    await start(
      [agent(1), agent(2, { resources: 'cpus:2;mem:512;cpus(public):1;mem(public):256;ports(public):[7000-7005]' })],
      {
        roles: ['*', 'public'],
      },
    );
    for (const name of ['a', 'b']) await cluster.create(name, { metadata: { annotations: { [ROLES]: 'public' } } });
    for (const name of ['a', 'b']) expect((await cluster.until(name, isRunning)).spec?.nodeName).toBe('agent-2');
  });

  it('6: of two pods with the same host port on one agent, the second waits', async () => {
    await start([agent(1)]);
    const withPort = {
      spec: { containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 80, hostPort: 31005 }] }] },
    };
    await cluster.create('first', withPort);
    await cluster.until('first', isRunning);
    await cluster.create('second', withPort);
    await cluster.eventually(
      () => messages('FailedScheduling'),
      (all) => all.includes('0/1 agents fit: 1 without host port 31005 free: agent-1'),
    );
    expect((await cluster.pod('second'))?.spec?.nodeName).toBeUndefined();
    await cluster.kube.delete(pods, 'first', { namespace: 'default' });
    await cluster.until('second', isRunning);
  });

  it('7: a too large pod gets events that say in numbers what is missing, and is never launched', async () => {
    await start([agent(1), agent(2)]);
    await cluster.create('big', limits('9'));
    const [message] = await cluster.eventually(
      () => messages('FailedScheduling'),
      (all) => all.length > 0,
    );
    expect(message).toMatch(/^0\/2 agents fit: 2 without enough cpus \(9 wanted, 4 free\): agent-[12], agent-[12]$/);
    expect(cluster.scheduler.health()).toMatchObject({ waiting: 1, tasks: { launched: 0, bound: 0, running: 0 } });
  });

  it('7: the gaps between its events grow', async () => {
    await start([agent(1)], { initialPodBackoff: 40, maxPodBackoff: 100_000, random: () => 0 });
    const seen: number[] = [];
    const create = cluster.kube.create.bind(cluster.kube);
    const patch = cluster.kube.patch.bind(cluster.kube);
    cluster.kube.create = (resource, object, options) => {
      if (resource.plural === 'events') seen.push(Date.now());
      return create(resource, object, options);
    };
    cluster.kube.patch = (resource, name, change, options) => {
      if (resource.plural === 'events') seen.push(Date.now());
      return patch(resource, name, change, options);
    };
    await cluster.create('big', limits('9'));
    await cluster.eventually(
      () => seen.length,
      (count) => count >= 5,
    );
    // Timers never fire early: each gap is at least what the back-off says, half of a bound that doubles.
    const gaps = seen.slice(1).map((time, index) => time - (seen[index] ?? 0));
    gaps.slice(0, 4).forEach((gap, index) => expect(gap).toBeGreaterThanOrEqual(20 * 2 ** index - 2));
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
  it('10: delete leads to KILLED, and the registry is empty afterwards', async () => {
    await start([agent(1)]);
    await cluster.create('p');
    await cluster.until('p', isRunning);
    await cluster.kube.delete(pods, 'p', { namespace: 'default' });
    await cluster.gone('p');
    await cluster.eventually(cluster.tasks, (tasks) => tasks.get('p.default.pod') === 'TASK_KILLED');
    await cluster.eventually(
      () => cluster.scheduler.health().tasks,
      (tasks) => tasks.launched + tasks.bound + tasks.running === 0,
    );
  });

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

  it('11: the pods of a lost agent are deleted, so that their controllers replace them', async () => {
    await start([agent(1)]);
    await cluster.create('p');
    await cluster.until('p', isRunning);
    await cluster.mesos.agents[0]?.close();
    await cluster.gone('p');
    await cluster.eventually(
      () => node('agent-1'),
      (of) => ready(of) === 'Unknown',
    );
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

  it('12: a launch that fails before the binding is made again under a new task id', async () => {
    await start([agent(1)]);
    let refused = 0;
    cluster.kube.refuse = (request) =>
      request === 'POST/binding pods/p' && refused++ === 0
        ? new KubeError(403, 'Forbidden', 'not this time')
        : undefined;
    await cluster.create('p');
    await cluster.until('p', isRunning);
    expect(refused).toBe(2);
    expect((await messages('FailedScheduling'))[0]).toMatch(
      /^Binding rejected: task pod\..* on agent-1: create-binding-failure$/,
    );
  });

  it('12b: a launch that got lost on its way is made again: its offers are had back', async () => {
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

  it('14: an idle executor ends after its timeout, and the node stays', async () => {
    await start([agent(1)], { idleTimeout: 100 });
    await cluster.create('p');
    await cluster.until('p', isRunning);
    await cluster.kube.delete(pods, 'p', { namespace: 'default' });
    await cluster.gone('p');
    const made = await cluster.eventually(
      () => node('agent-1'),
      (of) => of.status?.daemonEndpoints?.kubeletEndpoint !== undefined,
    );
    const port = made.status?.daemonEndpoints?.kubeletEndpoint?.Port ?? 0;
    await cluster.eventually(
      () =>
        fetch(`http://127.0.0.1:${port}/healthz`).then(
          () => true,
          () => false,
        ),
      (alive) => !alive,
    );
    expect(ready(await node('agent-1'))).toBe('True');
    // The next pod gets a new executor.
    await cluster.create('q');
    await cluster.until('q', isRunning);
  });
});

describe('restart', () => {
  it('13: a restarted scheduler keeps framework id and pods, and launches nothing twice', async () => {
    await start([agent(1)], { failoverTimeout: 600, frameworkStore: new MemoryFrameworkStore() });
    await cluster.create('p');
    const before = await cluster.until('p', isRunning);
    const { frameworkId } = cluster.scheduler.health();
    await cluster.restartScheduler();
    expect(cluster.scheduler.health().frameworkId).toBe(frameworkId);
    await cluster.eventually(
      () => cluster.scheduler.health().tasks,
      ({ running }) => running === 1,
    );
    expect((await cluster.pod('p'))?.metadata?.uid).toBe(before.metadata?.uid);
    // A second pod goes to the running executor, whose resources the node remembers.
    await cluster.create('q');
    await cluster.until('q', isRunning);
    const tasks = await cluster.tasks();
    expect([...tasks.keys()].sort()).toEqual(['p.default.pod', 'q.default.pod']);
    await cluster.kube.delete(pods, 'p', { namespace: 'default' });
    await cluster.gone('p');
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
    const url = `http://127.0.0.1:${made.status?.daemonEndpoints?.kubeletEndpoint?.Port}/containerLogs/default/p/c`;
    const line = 'container c of image busybox is hollow: the embedded runtime runs no containers\n';
    expect(await (await fetch(url)).text()).toBe(line);
    expect(await (await fetch(`${url}?limitBytes=9`)).text()).toBe('container');
    expect(await (await fetch(`${url}?tailLines=0`)).text()).toBe('');
    expect(await (await fetch(`${url}?timestamps=true`)).text()).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z container c /);
    expect((await fetch(`${url}?previous=true`)).status).toBe(400);
    expect((await fetch(url.replace('/c', '/x').replace(/\/c$/, '/nope'))).status).toBe(404);
    // A follower is told of the end.
    const following = await fetch(`${url}?follow=true`);
    await cluster.kube.delete(pods, 'p', { namespace: 'default' });
    expect(await following.text()).toBe(`${line}container c was asked to stop\n`);
  });
});
