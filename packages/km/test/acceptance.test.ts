import { KubeError, nodes, pods, type Node, type Pod } from '@kmd/kube-client';
import { createMasterClient, MemoryFrameworkStore, scalarOf, type Task } from '@kmd/mesos-client';
import { afterEach, expect, it } from 'vitest';
import {
  AGENT_ID,
  BINDING_HOST,
  EXECUTOR_ID,
  MIRROR,
  OFFER_ID,
  portAnnotation,
  PORT_MAPPING,
  ROLES,
  TASK_ID,
} from '../src/annotation.js';
import { askKubelet } from './ask-kubelet.js';
import { agent, isReady, isRunning, startCluster, type Cluster } from './cluster.js';

/**
 * The acceptance list at the end of the framework's specification, a test a line, on an embedded Mesos and a stub of an API server. Where a line is not kept,
 * the test's name says so, and why. Lines 16 and 17 are about a whole cluster: packages/cli/test/acceptance.test.ts.
 */
let cluster: Cluster;
const start = async (...args: Parameters<typeof startCluster>): Promise<Cluster> =>
  (cluster = await startCluster(...args));
afterEach(() => cluster.close());

const node = (name: string): Promise<Node> => cluster.kube.get(nodes, name).catch(() => ({}));
const web = (port: { containerPort: number; hostPort?: number }): Partial<Pod> => ({
  spec: { containers: [{ name: 'c', image: 'i', ports: [port] }] },
});
const limits = (cpu: string): Partial<Pod> => ({
  spec: { containers: [{ name: 'c', image: 'i', resources: { limits: { cpu, memory: '64Mi' } } }] },
});
/** A task as the master knows it. */
async function taskOf(name: string): Promise<Task> {
  const master = createMasterClient({ master: cluster.mesos.master.url });
  const { get_tasks: found } = await master.call({ type: 'GET_TASKS' });
  master.close();
  const task = [...(found.tasks ?? []), ...(found.completed_tasks ?? [])].find(
    (one) => one.name === `${name}.default.pod`,
  );
  if (!task) throw new Error(`there is no task of pod ${name}`);
  return task;
}
const portsOf = ({ resources = [] }: Task): string[] =>
  resources.flatMap(({ ranges }) => (ranges?.range ?? []).map(({ begin, end }) => `${begin}-${end}`));

it('1: the first offer of an unknown agent makes a node; against the original it is not declined but used, which saves the first pod 6 s', async () => {
  await start([agent(1)]);
  await cluster.eventually(() => node('agent-1'), isReady);
  expect(cluster.scheduler.health()).toMatchObject({ subscribed: true, agents: 1, offers: 1 });
  await cluster.create('p');
  const pod = await cluster.until('p', isRunning);
  expect(pod.metadata?.annotations?.[OFFER_ID]).toMatch(/-O0$/);
});

it('2: attributes become labels, and the node is Ready without an executor', async () => {
  await start([agent(1, { attributes: 'rack:1;gen:2011' })]);
  const made = await cluster.eventually(() => node('agent-1'), isReady);
  expect(made.metadata?.labels).toMatchObject({
    'kubernetes.io/hostname': 'agent-1',
    'k8s.mesosphere.io/attribute-rack': '1',
    'k8s.mesosphere.io/attribute-gen': '2011',
  });
  // 4 cpus and 1280 MB without the executor's 0.25 and 128 (the original cut to whole cpus).
  expect(made.status?.capacity).toMatchObject({ cpu: '3750m', memory: '1152Mi', pods: '110' });
});

it('3: a pod without resources reserves 0.25 cpu, 64 MB, and one port for each declared, lowest free first', async () => {
  await start([agent(1)]);
  for (const name of ['first', 'second']) {
    await cluster.create(name, web({ containerPort: 80 }));
    await cluster.until(name, isRunning);
  }
  const [first, second] = [await taskOf('first'), await taskOf('second')];
  expect(scalarOf(first.resources ?? [], 'cpus')).toBe(0.25);
  expect(scalarOf(first.resources ?? [], 'mem')).toBe(64);
  expect([portsOf(first), portsOf(second)]).toEqual([['31000-31000'], ['31001-31001']]);
  // The user's spec stays as he wrote it.
  expect((await cluster.pod('first'))?.spec?.containers[0]?.resources).toBeUndefined();
});

it('4: a pod with label portMapping=fixed and hostPort 0 reserves no port', async () => {
  await start([agent(1)]);
  await cluster.create('fixed', { metadata: { labels: { [PORT_MAPPING]: 'fixed' } }, ...web({ containerPort: 80 }) });
  const pod = await cluster.until('fixed', isRunning);
  expect(pod.metadata?.annotations?.[portAnnotation('TCP', 80)]).toBeUndefined();
  expect((await taskOf('fixed')).resources?.map(({ name }) => name).sort()).toEqual(['cpus', 'mem']);
});

it('5: roles=public runs only on the agent with resources of that role, and uses only these', async () => {
  const resources = 'cpus:2;mem:512;cpus(public):1;mem(public):256;ports(public):[7000-7005]';
  await start([agent(1), agent(2, { resources })], { roles: ['*', 'public'] });
  const annotations = { [ROLES]: 'public' };
  for (const name of ['a', 'b'])
    await cluster.create(name, { metadata: { annotations }, ...web({ containerPort: 80 }) });
  for (const name of ['a', 'b']) {
    expect((await cluster.until(name, isRunning)).spec?.nodeName).toBe('agent-2');
    const task = await taskOf(name);
    expect(new Set(task.resources?.map(({ role, reservations }) => reservations?.at(-1)?.role ?? role))).toEqual(
      new Set(['public']),
    );
    expect(portsOf(task)[0]).toMatch(/^700[01]-/);
  }
});

it('6: of two pods with host port 9000 on one agent, the second waits', async () => {
  await start([agent(1, { resources: 'cpus:4;mem:1280;ports:[9000-9001]' })]);
  const fixed = web({ containerPort: 80, hostPort: 9000 });
  await cluster.create('first', fixed);
  await cluster.until('first', isRunning);
  await cluster.create('second', fixed);
  await cluster.eventually(
    () => cluster.messages('FailedScheduling'),
    (all) => all.includes('0/1 agents fit: 1 without host port 9000 free: agent-1'),
  );
  expect((await cluster.pod('second'))?.spec?.nodeName).toBeUndefined();
  await cluster.kube.delete(pods, 'first', { namespace: 'default' });
  await cluster.until('second', isRunning);
});

it('7: a too large pod is never launched; its events say in numbers what is missing, at growing gaps', async () => {
  await start([agent(1), agent(2)], { initialPodBackoff: 40, maxPodBackoff: 100_000, random: () => 0 });
  const seen: number[] = [];
  cluster.kube.refuse = (request) => {
    if (/^(CREATE|PATCH) events/.test(request)) seen.push(performance.now());
    return undefined;
  };
  await cluster.create('big', limits('9'));
  await cluster.eventually(
    () => seen.length,
    (count) => count >= 5,
  );
  // Timers never fire early: each gap is at least what the back-off says, half of a bound that doubles.
  const gaps = seen.slice(1).map((time, index) => time - (seen[index] ?? 0));
  gaps.slice(0, 4).forEach((gap, index) => expect(gap).toBeGreaterThanOrEqual(20 * 2 ** index - 2));
  const [message] = await cluster.messages('FailedScheduling');
  expect(message).toMatch(/^0\/2 agents fit: 2 without enough cpus \(9 wanted, 4 free\): agent-[12], agent-[12]$/);
  expect(cluster.scheduler.health()).toMatchObject({ waiting: 1, tasks: { launched: 0, bound: 0, running: 0 } });
});

it('8: the task carries all annotations; the API server gets them at the binding only', async () => {
  await start([agent(1)]);
  const bindings: (Pod | undefined)[] = [];
  const bind = cluster.kube.createSubresource.bind(cluster.kube);
  cluster.kube.createSubresource = async (resource, name, ...rest) => {
    bindings.push(await cluster.pod(name));
    return bind(resource, name, ...rest);
  };
  await cluster.create('web', web({ containerPort: 80 }));
  const pod = await cluster.until('web', isRunning);
  // Nobody has written to the pod before.
  expect(bindings.map((before) => before?.metadata?.annotations)).toEqual([undefined]);
  expect(pod.metadata?.annotations).toMatchObject({
    [BINDING_HOST]: 'agent-1',
    [TASK_ID]: (await taskOf('web')).task_id.value,
    [AGENT_ID]: cluster.mesos.agents[0]?.id,
    [OFFER_ID]: expect.stringMatching(/-O\d+$/),
    [EXECUTOR_ID]: expect.stringMatching(/^[0-9a-f]+_k8sm-executor$/),
    [portAnnotation('TCP', 80)]: '31000',
  });
  expect(pod.metadata?.annotations?.[TASK_ID]).toMatch(/^pod\.[0-9a-f-]{36}$/);
  expect(await cluster.messages('Scheduled')).toEqual(['Successfully assigned default/web to agent-1']);
});

// What the update's data is, a framework alone sees: executor.test.ts shows it beside this line's number.
it('9: the task is RUNNING only after the pod is', async () => {
  await start([agent(1)]);
  await cluster.create('slow', { metadata: { annotations: { 'kmd.dev/hollow-start-after': '300ms' } } });
  await cluster.until('slow', ({ spec }) => spec?.nodeName !== undefined);
  const states = new Set<string>();
  await cluster.eventually(
    async () => {
      // The task first: what the pod says is not older.
      const { state = '' } = await taskOf('slow');
      const phase = (await cluster.pod('slow'))?.status?.phase;
      states.add(`${state} ${phase}`);
      return `${state} ${phase}`;
    },
    (both) => both === 'TASK_RUNNING Running',
  );
  expect(states).toContain('TASK_STARTING Pending');
  expect(states).not.toContain('TASK_RUNNING Pending');
});

it('10: delete leads to KILLED, and the registry is empty afterwards; against the original without a KILL, which would find nothing', async () => {
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
  const metrics: unknown = await (await fetch(`${cluster.mesos.master.url}/metrics/snapshot`)).json();
  expect(metrics).toMatchObject({ 'master/messages_kill_task': 0 });
});

it('11: the pods of lost tasks are deleted, so that their controllers replace them; against the original, those of a lost agent too', async () => {
  await start([agent(1)]);
  await cluster.create('p');
  await cluster.until('p', isRunning);
  await cluster.mesos.agents[0]?.close();
  await cluster.gone('p');
  await cluster.eventually(
    () => node('agent-1'),
    (of) => of.status?.conditions?.[0]?.status === 'Unknown',
  );
});

it('12: a launch that fails before the binding is made again under a new task id', async () => {
  await start([agent(1)]);
  let refused = 0;
  cluster.kube.refuse = (request) =>
    request === 'POST/binding pods/p' && refused++ === 0 ? new KubeError(403, 'Forbidden', 'not this time') : undefined;
  await cluster.create('p');
  const pod = await cluster.until('p', isRunning);
  expect(refused).toBe(2);
  const [message = ''] = await cluster.messages('FailedScheduling');
  const [, failed] = /^Binding rejected: task (pod\.\S+) on agent-1: create-binding-failure$/.exec(message) ?? [];
  expect(failed).toBeDefined();
  expect(pod.metadata?.annotations?.[TASK_ID]).not.toBe(failed);
});

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
  expect([...(await cluster.tasks()).keys()].sort()).toEqual(['p.default.pod', 'q.default.pod']);
});

it('14: an idle executor ends after its timeout, and the node stays Ready', async () => {
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
      askKubelet(port, '/healthz').then(
        () => true,
        () => false,
      ),
    (alive) => !alive,
  );
  expect(isReady(await node('agent-1'))).toBe(true);
  // The next pod gets a new executor.
  await cluster.create('q');
  await cluster.until('q', isRunning);
});

it('15: a static pod appears as mirror pod on each node with an executor', async () => {
  const log: Pod = {
    metadata: { name: 'log', namespace: 'kube-system' },
    spec: { containers: [{ name: 'c', image: 'i' }] },
  };
  await start([agent(1), agent(2)], { staticPods: [log] });
  await cluster.create('p', { spec: { containers: [{ name: 'c' }], nodeName: 'agent-1' } });
  const mirror = await cluster.until('log-agent-1', isRunning);
  expect(mirror.metadata?.annotations?.[MIRROR]).toBeDefined();
  expect(mirror.spec?.nodeName).toBe('agent-1');
  expect(await cluster.pod('log-agent-2')).toBeUndefined();
  await cluster.create('q', { spec: { containers: [{ name: 'c' }], nodeName: 'agent-2' } });
  await cluster.until('log-agent-2', isRunning);
});
