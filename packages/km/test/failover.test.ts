import { configMaps, leases, pods, type Clock } from '@kmd/kube-client';
import { createMasterClient } from '@kmd/mesos-client';
import { afterEach, describe, expect, it } from 'vitest';
import { KubeFrameworkStore } from '../src/framework/kube-framework-store.js';
import { LeaderElection } from '../src/framework/leader-election.js';
import { runFramework, type FrameworkOptions, type FrameworkState } from '../src/framework/run-framework.js';
import { RolesError } from '../src/pod/roles.js';
import { agent, isRunning, startCluster, type Cluster } from './cluster.js';
import { FakeKube } from './fake-kube.js';

/** Time that the test moves. */
class HandClock implements Clock {
  #now = 1_000_000;
  #sleepers: { until: number; wake: () => void }[] = [];
  now(): number {
    return this.#now;
  }
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((wake) => {
      if (signal?.aborted) return wake();
      signal?.addEventListener('abort', () => wake(), { once: true });
      this.#sleepers.push({ until: this.#now + milliseconds, wake });
    });
  }
  /** Second by second, so that everybody acts in time. */
  async advance(seconds: number): Promise<void> {
    for (let i = 0; i < seconds; i++) {
      this.#now += 1_000;
      const due = this.#sleepers.filter(({ until }) => until <= this.#now);
      this.#sleepers = this.#sleepers.filter(({ until }) => until > this.#now);
      for (const { wake } of due) wake();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

describe('the election', () => {
  it('has one leader; the next takes over within 15 s when it dies, at once when it resigns', async () => {
    const kube = new FakeKube();
    const clock = new HandClock();
    const stop = new AbortController();
    const stand = (identity: string): LeaderElection => new LeaderElection({ kube, name: 'km', identity, clock });
    const a = await stand('a').campaign(stop.signal);
    let leads = '';
    const b = stand('b');
    const second = b.campaign(stop.signal).then((lead) => {
      leads = 'b';
      return lead;
    });
    await clock.advance(60);
    expect(leads).toBe('');
    expect(b.holder).toBe('a');
    // The first one cannot reach the API server any more: it knows that it has lost before the other begins.
    let cut = 0;
    const get = kube.get.bind(kube);
    kube.get = (resource, name, options) => {
      const own = options?.signal !== undefined && options.signal !== stop.signal;
      if (own && leads === '') {
        cut += 1;
        return Promise.reject(new Error('unreachable'));
      }
      return get(resource, name, options);
    };
    await clock.advance(9);
    expect(cut).toBeGreaterThan(1);
    expect(a.signal.aborted).toBe(true);
    expect(leads).toBe('');
    await clock.advance(6);
    expect(leads).toBe('b');
    const lease = await kube.get(leases, 'km', { namespace: 'kube-system' });
    expect(lease.spec).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1, leaseDurationSeconds: 10 });
    const third = stand('c').campaign(stop.signal);
    await clock.advance(3);
    await (await second).resign();
    await clock.advance(3);
    await (await third).resign();
    stop.abort();
  });

  it('is given up when it is called off', async () => {
    const kube = new FakeKube();
    const stop = new AbortController();
    await new LeaderElection({ kube, name: 'km', identity: 'a' }).campaign(stop.signal);
    const waiting = new LeaderElection({ kube, name: 'km', identity: 'b' }).campaign(stop.signal);
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });
});

it('the framework id is kept in Kubernetes', async () => {
  const kube = new FakeKube();
  const store = new KubeFrameworkStore({ kube, frameworkName: 'My Framework' });
  expect(await store.load()).toBeUndefined();
  await store.save('f-1');
  await store.save('f-2');
  expect(await store.load()).toBe('f-2');
  expect((await kube.get(configMaps, 'km-framework-my-framework', { namespace: 'kube-system' })).data).toEqual({
    frameworkId: 'f-2',
  });
  await store.clear();
  await store.clear();
  expect(await store.load()).toBeUndefined();
});

describe('two schedulers', () => {
  let cluster: Cluster;
  const instances: { stop: AbortController; done: Promise<void>; states: FrameworkState[] }[] = [];
  afterEach(async () => {
    for (const { stop } of instances) stop.abort();
    await Promise.allSettled(instances.map(({ done }) => done));
    instances.length = 0;
    await cluster.close();
  });
  const run = (identity: string, options: Partial<FrameworkOptions> = {}) => {
    const stop = new AbortController();
    const states: FrameworkState[] = [];
    const done = runFramework(
      {
        mesosMaster: cluster.mesos.master.url,
        kube: cluster.kube,
        executor: { command: { shell: false, value: 'executor' } },
        election: { identity, leaseDuration: 2_000, renewDeadline: 1_000, retryPeriod: 100 },
        initialPodBackoff: 50,
        onState: (state) => states.push(state),
        ...options,
      },
      stop.signal,
    );
    done.catch(() => undefined);
    const instance = { stop, done, states };
    instances.push(instance);
    return instance;
  };
  const leads = ({ states }: { states: FrameworkState[] }): boolean => states.at(-1)?.state === 'leading';

  it('one leads; the other takes over with the same id, and no pod is lost or doubled', async () => {
    cluster = await startCluster([agent(1), agent(2)], {}, false);
    const first = run('first');
    await cluster.eventually(
      () => leads(first),
      (yes) => yes,
    );
    const second = run('second');
    for (let i = 0; i < 6; i++) await cluster.create(`p${i}`);
    for (let i = 0; i < 6; i++) await cluster.until(`p${i}`, isRunning);
    const uids = (await cluster.kube.list(pods)).items.map(({ metadata }) => metadata?.uid).sort();
    expect(leads(second)).toBe(false);
    // Pods that come while nobody leads wait for the next leader.
    first.stop.abort();
    await first.done;
    await cluster.create('between');
    await cluster.until('between', isRunning);
    expect(leads(second)).toBe(true);
    const before = first.states.find((state) => state.state === 'leading');
    const after = second.states.find((state) => state.state === 'leading');
    expect(after?.health.frameworkId).toBe(before?.health.frameworkId);
    const { items } = await cluster.kube.list(pods);
    expect(items.filter(isRunning)).toHaveLength(7);
    expect(
      items
        .filter(({ metadata }) => metadata?.name !== 'between')
        .map(({ metadata }) => metadata?.uid)
        .sort(),
    ).toEqual(uids);
    // Seven tasks in all, none launched twice.
    const master = createMasterClient({ master: cluster.mesos.master.url });
    const { get_tasks: found } = await cluster.eventually(
      () => master.call({ type: 'GET_TASKS' }),
      ({ get_tasks: { tasks = [] } }) => tasks.filter(({ state }) => state === 'TASK_RUNNING').length === 7,
    );
    expect([...(found.tasks ?? []), ...(found.completed_tasks ?? [])]).toHaveLength(7);
  });

  it('a leader whose lead is taken away stops at once, and one leads again', async () => {
    cluster = await startCluster([agent(1)], {}, false);
    const first = run('first');
    await cluster.eventually(
      () => leads(first),
      (yes) => yes,
    );
    const second = run('second');
    // Somebody hands the lead over by force: the first one's next renewal finds it gone.
    await cluster.kube.patch(
      leases,
      'km-scheduler-kubernetes',
      { spec: { holderIdentity: '', leaseDurationSeconds: 1 } },
      { namespace: 'kube-system', type: 'merge' },
    );
    await cluster.eventually(
      () => [first, second].filter(leads).length,
      (count) => count === 1,
    );
    await cluster.create('p');
    await cluster.until('p', isRunning);
    await cluster.eventually(
      async () => [...(await cluster.tasks()).values()].join(),
      (states) => states === 'TASK_RUNNING',
    );
  });

  it('a framework that an operator removed begins anew under another id, and its pods are replaced', async () => {
    cluster = await startCluster([agent(1)], {}, false);
    const only = run('only', { election: false });
    await cluster.eventually(
      () => leads(only),
      (yes) => yes,
    );
    await cluster.create('p');
    await cluster.until('p', isRunning);
    const id = await new KubeFrameworkStore({ kube: cluster.kube }).load();
    await createMasterClient({ master: cluster.mesos.master.url }).call({
      type: 'TEARDOWN',
      teardown: { framework_id: { value: id ?? '' } },
    });
    await cluster.eventually(
      () => new KubeFrameworkStore({ kube: cluster.kube }).load(),
      (next) => next !== undefined && next !== id,
    );
    await cluster.gone('p');
    await cluster.create('q');
    await cluster.until('q', isRunning);
  });

  it('rejects for what no repetition mends', async () => {
    cluster = await startCluster([agent(1)], {}, false);
    await expect(run('x', { roles: ['a', 'b'], election: false }).done).rejects.toThrow(RolesError);
  });
});
