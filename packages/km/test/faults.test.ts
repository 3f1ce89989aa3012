import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { events, KubeError, nodes, pods } from '@kmd/kube-client';
import { createMasterClient } from '@kmd/mesos-client';
import { afterEach, expect, it, vi } from 'vitest';
import { AGENT_ID, ROLES, TASK_ID } from '../src/annotation.js';
import { LeaderElection } from '../src/framework/leader-election.js';
import { runFramework } from '../src/framework/run-framework.js';
import { agent, isRunning, startCluster, type Cluster } from './cluster.js';
import { FakeKube } from './fake-kube.js';
import { LossyProxy } from './lossy-proxy.js';

/** What goes wrong around the framework, one thing a test. Random mixtures of these are in soak.test.ts. */
let cluster: Cluster | undefined;
afterEach(async () => {
  vi.useRealTimers();
  await cluster?.close();
  cluster = undefined;
});

const HOUR = 3_600_000;
/** The states of all tasks that the master knows, ended ones too. */
async function taskStates({ mesos }: Cluster): Promise<string[]> {
  const client = createMasterClient({ master: mesos.master.url });
  const { get_tasks: found } = await client.call({ type: 'GET_TASKS' });
  client.close();
  return [...(found.tasks ?? []), ...(found.completed_tasks ?? [])].map(({ state }) => state).sort();
}

it.each([
  ['forward', HOUR],
  ['back', -HOUR],
])('the clock jumps %s: pods stay, others come up and go, nodes are kept Ready', async (_, jump) => {
  cluster = await startCluster([agent(1), agent(2)]);
  const { kube, create, until, gone } = cluster;
  // The second agent has no executor: the scheduler speaks for its node, by the new clock too.
  const here = { spec: { containers: [{ name: 'c' }], nodeName: 'agent-1' } };
  const { metadata } = await create('before', here).then(() => until('before', isRunning));
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + jump });
  await create('after', here);
  await until('after', isRunning);
  await cluster.eventually(
    async () => Date.parse((await kube.get(nodes, 'agent-2')).status?.conditions?.[0]?.lastHeartbeatTime ?? ''),
    (time) => Math.abs(Date.now() - time) < 60_000,
  );
  await kube.delete(pods, 'after', { namespace: 'default' });
  await gone('after');
  expect((await cluster.pod('before'))?.metadata?.uid).toBe(metadata?.uid);
  expect(await taskStates(cluster)).toEqual(['TASK_KILLED', 'TASK_RUNNING']);
});

it('a leader whose clock jumps goes on leading, and one that stands by waits on', async () => {
  const kube = new FakeKube();
  const stand = (identity: string) =>
    new LeaderElection({ kube, name: 'km', identity, leaseDuration: 5_000, renewDeadline: 4_000, retryPeriod: 20 });
  const stop = new AbortController();
  const first = await stand('first').campaign(stop.signal);
  let elected = false;
  const second = stand('second').campaign(stop.signal);
  second.then(() => (elected = true)).catch(() => undefined);
  const renewals = () => kube.requests.filter((request) => request === 'PATCH leases/km').length;
  const renewedAgain = async (): Promise<void> => {
    const before = renewals();
    await vi.waitFor(() => expect(renewals()).toBeGreaterThan(before + 2), { timeout: 10_000 });
  };
  await renewedAgain();
  for (const jump of [HOUR, -2 * HOUR]) {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + jump });
    await renewedAgain();
    expect({ lost: first.signal.aborted, elected }).toEqual({ lost: false, elected: false });
  }
  await first.resign();
  await (await second).resign();
});

it('watches are slow: nothing is launched twice, and what is deleted meanwhile ends', async () => {
  cluster = await startCluster([agent(1), agent(2)]);
  const { kube, create, until, gone } = cluster;
  kube.watchDelay = 150;
  const names = ['a', 'b', 'c', 'd'];
  for (const name of names) await create(name);
  for (const name of names) await until(name, isRunning);
  await kube.delete(pods, 'a', { namespace: 'default', gracePeriodSeconds: 0 });
  await kube.delete(pods, 'b', { namespace: 'default' });
  await gone('b');
  await cluster.eventually(
    () => (cluster ? taskStates(cluster) : []),
    (states) => states.join() === 'TASK_KILLED,TASK_KILLED,TASK_RUNNING,TASK_RUNNING',
  );
});

it('watches end with 410, what happened meanwhile untold: the lists tell', async () => {
  cluster = await startCluster([agent(1)]);
  const { kube, create, until } = cluster;
  await create('stays');
  await create('goes');
  for (const name of ['stays', 'goes']) await until(name, isRunning);
  kube.forget('goes');
  await create('comes');
  kube.expireWatches();
  await until('comes', isRunning);
  await cluster.eventually(
    () => (cluster ? taskStates(cluster) : []),
    (states) => states.join() === 'TASK_KILLED,TASK_RUNNING,TASK_RUNNING',
  );
});

it('an offer is rescinded while its launch is on the way: the pod is launched on the next', async () => {
  cluster = await startCluster([agent(1)], {}, false);
  const { mesos, create, until } = cluster;
  const proxy = new LossyProxy(mesos.master.url);
  let rescinded = 0;
  try {
    await cluster.restartScheduler({ mesosMaster: await proxy.listen() });
    proxy.hold = async ({ type }) => {
      if (type !== 'ACCEPT' || rescinded++ > 0) return;
      // The agent is lost and comes again before the master sees the launch: its offers are void.
      const [first] = mesos.agents;
      if (first) await mesos.restartAgent(first);
    };
    await create('p');
    await until('p', isRunning);
    expect(rescinded).toBe(2);
    expect((await taskStates(cluster)).filter((state) => state === 'TASK_RUNNING')).toHaveLength(1);
  } finally {
    await cluster.scheduler.close();
    proxy.close();
  }
});

it('an agent comes back after its tasks were given up: they are ended, and run only where their replacements are', async () => {
  cluster = await startCluster([agent(1), agent(2)], {}, true, { agentPingTimeout: 100, maxAgentPingTimeouts: 2 });
  const { kube, mesos, create, until, gone } = cluster;
  await create('p');
  const first = await until('p', isRunning);
  const agentId = first.metadata?.annotations?.[AGENT_ID] ?? '';
  expect(mesos.master.faults.partition(agentId)).toBe(true);
  await gone('p');
  await create('q');
  const second = await until('q', isRunning);
  expect(second.spec?.nodeName).not.toBe(first.spec?.nodeName);
  mesos.master.faults.heal();
  await cluster.eventually(
    async () => (await kube.list(nodes)).items.map(({ status }) => status?.conditions?.[0]?.status),
    (ready) => ready.length === 2 && ready.every((status) => status === 'True'),
  );
  await cluster.eventually(
    () => (cluster ? taskStates(cluster) : []),
    (states) => states.filter((state) => state === 'TASK_RUNNING').length === 1,
  );
  expect((await kube.list(pods)).items.map(({ metadata }) => metadata?.annotations?.[TASK_ID])).toEqual([
    second.metadata?.annotations?.[TASK_ID],
  ]);
});

it('the API server is away: what Mesos says meanwhile is done when it is back', async () => {
  cluster = await startCluster([agent(1), agent(2)]);
  const { kube, mesos, create, until, gone } = cluster;
  await create('p');
  const { spec } = await until('p', isRunning);
  kube.refuse = () => new KubeError(0, 'Unreachable', 'the API server cannot be reached');
  kube.expireWatches();
  await mesos.agents[spec?.nodeName === 'agent-1' ? 0 : 1]?.close();
  await cluster.eventually(
    () => (cluster ? taskStates(cluster) : []),
    (states) => states.join() === 'TASK_LOST',
  );
  kube.refuse = () => undefined;
  await gone('p');
  await create('q');
  await until('q', isRunning);
});

it('of two agents with one host name, the second is refused until the first is gone', async () => {
  cluster = await startCluster([agent(1), agent(1)]);
  const { mesos, create, until, gone } = cluster;
  for (const name of ['a', 'b', 'c']) await create(name);
  const found = await Promise.all(['a', 'b', 'c'].map((name) => until(name, isRunning)));
  const used = new Set(found.map(({ metadata }) => metadata?.annotations?.[AGENT_ID]));
  expect(used.size).toBe(1);
  expect(cluster.scheduler.health().agents).toBe(1);
  await mesos.agents[[...used][0]?.endsWith('S0') ? 0 : 1]?.close();
  for (const name of ['a', 'b', 'c']) await gone(name);
  await create('d');
  const { metadata } = await until('d', isRunning);
  expect(used.has(metadata?.annotations?.[AGENT_ID])).toBe(false);
});

it('offers that are given back while the master does not listen come again', async () => {
  cluster = await startCluster([agent(1)], { offerTtl: 100 });
  const { mesos, scheduler, create, until, eventually } = cluster;
  await eventually(
    () => scheduler.health().offers,
    (offers) => offers === 1,
  );
  mesos.master.faults.absent(true);
  await eventually(
    () => scheduler.health().offers,
    (offers) => offers === 0,
  );
  mesos.master.faults.absent(false);
  await create('p');
  await until('p', isRunning);
});

it('a refusal that the master hears only after the next pod has asked for offers does not keep them away', async () => {
  cluster = await startCluster([agent(1)], {}, false);
  const proxy = new LossyProxy(cluster.mesos.master.url);
  try {
    await cluster.restartScheduler({ mesosMaster: await proxy.listen(), offerTtl: 100 });
    let [refused, revived] = [0, false];
    proxy.lose = ({ type }) => {
      if (type === 'REVIVE') revived = true;
      return type === 'DECLINE' && ++refused > 0 && !revived;
    };
    await cluster.eventually(
      () => refused,
      (count) => count > 0,
    );
    await cluster.create('p');
    await cluster.until('p', isRunning);
    expect(revived).toBe(true);
  } finally {
    await cluster.scheduler.close();
    proxy.close();
  }
});

it('another master takes over: pods stay, and others come up', async () => {
  cluster = await startCluster([agent(1)], { checkpoint: true, failoverTimeout: 60 });
  const { mesos, create, until } = cluster;
  await create('p');
  const { metadata } = await until('p', isRunning);
  mesos.master.faults.failOver();
  await create('q');
  await until('q', isRunning);
  expect((await cluster.pod('p'))?.metadata?.uid).toBe(metadata?.uid);
  expect(await taskStates(cluster)).toEqual(['TASK_RUNNING', 'TASK_RUNNING']);
});

/** A master that gives one answer to every request. */
async function answering(status: number, type: string, body: string): Promise<{ url: string; close: () => void }> {
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': type, 'mesos-stream-id': 'one' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => void server.close() };
}

it.each<[string, number, string, string, RegExp]>([
  // An answer of Mesos 1.11, and the errors of an authenticating master: 20-errors-scheduler and 23-errors-authentication of the recordings.
  [
    'a role that it does not grant',
    200,
    'application/json',
    JSON.stringify({ type: 'ERROR', error: { message: "Not authorized to use roles 'kubernetes'" } }),
    /Not authorized to use roles 'kubernetes'/,
  ],
  ['wrong credentials', 401, 'text/plain', 'Unauthorized', /401/],
  ['a framework that it forbids', 403, 'text/plain', 'Forbidden', /403/],
])(
  'a master that refuses %s is not asked for ever: the framework says why and ends',
  async (_, status, type, body, reason) => {
    const text = type === 'application/json' ? `${Buffer.byteLength(body)}\n${body}` : body;
    const master = await answering(status, type, text);
    try {
      const running = runFramework(
        {
          mesosMaster: master.url,
          kube: new FakeKube(),
          executor: { command: { value: 'executor' } },
          roles: ['kubernetes'],
          election: false,
        },
        new AbortController().signal,
      );
      await expect(running).rejects.toThrow(reason);
    } finally {
      master.close();
    }
  },
);

it('a pod of a role that the framework does not have is told so, and waits', async () => {
  cluster = await startCluster([agent(1)]);
  await cluster.create('p', { metadata: { annotations: { [ROLES]: 'other' } } });
  const { kube } = cluster;
  await cluster.eventually(
    async () => (await kube.list(events)).items.map(({ message }) => message),
    (all) => all.some((text) => text?.startsWith("0/1 agents fit: 1 without a role of the pod's")),
  );
  expect(await taskStates(cluster)).toEqual([]);
});

it('a master that refuses for a while is asked again', async () => {
  cluster = await startCluster([agent(1)], {}, false);
  const { mesos, create, until } = cluster;
  mesos.master.faults.recovering(true);
  const stop = new AbortController();
  const running = runFramework(
    {
      mesosMaster: mesos.master.url,
      kube: cluster.kube,
      executor: { command: { value: 'executor' } },
      election: false,
    },
    stop.signal,
  );
  await create('p');
  mesos.master.faults.recovering(false);
  await until('p', isRunning);
  stop.abort();
  await running;
});
