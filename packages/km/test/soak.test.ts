import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubeError, pods, type Pod } from '@kmd/kube-client';
import { createMasterClient, scalarOf } from '@kmd/mesos-client';
import { afterEach, expect, it } from 'vitest';
import { TASK_ID } from '../src/annotation.js';
import { runFramework } from '../src/framework/run-framework.js';
import { agent, startCluster, type Cluster } from './cluster.js';

/** `KM_SOAK=300 KM_SOAK_SEED=4 npx vitest run packages/km/test/soak.test.ts` goes on for five minutes. */
const seconds = Number(process.env['KM_SOAK'] ?? 4);
const seed = Number(process.env['KM_SOAK_SEED'] ?? 7);

/** Mulberry32: the same faults in the same order for the same seed. */
function randomOf(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What scheduler, master, agents and faults say, kept for a run that fails. */
const diary: string[] = [];
const say =
  (who: string) =>
  (fields: object | string, text = ''): void => {
    const said = typeof fields === 'string' ? fields : `${text} ${JSON.stringify(fields, errorText)}`;
    diary.push(`${new Date().toISOString()} ${who} ${said}`);
  };
const errorText = (_: string, value: unknown): unknown => (value instanceof Error ? value.message : value);
const logOf = (who: string) => ({ debug: say(who), info: say(who), warn: say(who), error: say(who) });

let cluster: Cluster;
afterEach(async ({ task }) => {
  await cluster?.close();
  if (task.result?.state !== 'fail') return;
  const path = join(tmpdir(), `km-soak-${seed}.log`);
  await writeFile(path, diary.map((line) => `${line}\n`).join(''));
  console.error(`what was said during the run: ${path}`);
});

it(
  `after ${seconds} s of faults (seed ${seed}) every pod is where its controller wants it, and Mesos and Kubernetes agree`,
  async () => {
    const random = randomOf(seed);
    const below = (bound: number): number => Math.floor(random() * bound);
    cluster = await startCluster([agent(1), agent(2), agent(3)], { mesosLogger: logOf('mesos') }, false, {
      agentPingTimeout: 100,
      maxAgentPingTimeouts: 3,
      agentReregisterTimeout: 2_000,
    });
    const { kube, mesos } = cluster;

    // Controllers: as many pods of each as it wants, under new names.
    const wanted = [4, 3, 2];
    let serial = 0;
    const alive = async (controller: number): Promise<Pod[]> =>
      (await kube.list(pods)).items.filter(
        ({ metadata }) =>
          metadata?.ownerReferences?.[0]?.uid === `rs-${controller}` && metadata.deletionTimestamp === undefined,
      );
    const control = async (): Promise<void> => {
      for (const [controller, count] of wanted.entries()) {
        const have = await alive(controller);
        for (let missing = have.length; missing < count; missing++)
          await cluster.create(`rs-${controller}-${serial++}`, {
            metadata: {
              ownerReferences: [
                { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'rs', uid: `rs-${controller}`, controller: true },
              ],
            },
            spec: {
              containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 80 }] }],
              terminationGracePeriodSeconds: 1,
            },
          });
        for (const { metadata } of have.slice(count))
          await kube.delete(pods, metadata?.name ?? '', { namespace: 'default' });
      }
    };

    let stop = new AbortController();
    let running: Promise<void> = Promise.resolve();
    let url = '';
    /** Where the scheduler says it stands, for whoever has to find out why. */
    const tell = async (): Promise<string> => {
      if (url === '') return 'nobody leads';
      const pages = ['/debug/scheduler/podqueue', '/debug/registry/tasks', '/metrics'];
      const texts = await Promise.all(pages.map(async (page) => (await fetch(`${url}${page}`)).text()));
      return texts.join('').replaceAll(/^#.*\n/gm, '');
    };
    const run = (): void => {
      stop = new AbortController();
      running = runFramework(
        {
          mesosMaster: mesos.master.url,
          kube,
          executor: { command: { shell: false, value: 'executor' } },
          election: { leaseDuration: 1_000, renewDeadline: 700, retryPeriod: 100 },
          initialPodBackoff: 20,
          maxPodBackoff: 200,
          offerTtl: 200,
          random,
          logger: logOf('km'),
          listen: { port: 0 },
          onState: (state) => (url = state.state === 'leading' ? (state.url ?? '') : ''),
        },
        stop.signal,
      );
    };
    run();

    const agents = [1, 2, 3].map((n) => ({ n, running: mesos.agents[n - 1] }));
    const faults: Record<string, () => Promise<void> | void> = {
      scale: () => void (wanted[below(3)] = below(7)),
      'delete a pod': async () => {
        const all = (await kube.list(pods)).items;
        const victim = all[below(Math.max(1, all.length))];
        const grace = below(2);
        if (victim)
          await kube
            .delete(pods, victim.metadata?.name ?? '', { namespace: 'default', gracePeriodSeconds: grace })
            .catch(() => undefined);
      },
      'restart the scheduler': async () => {
        stop.abort();
        await running;
        run();
      },
      'kill an executor': () => cluster.killExecutor(below(3)),
      'replace an agent': async () => {
        const slot = agents[below(3)];
        if (!slot) return;
        await slot.running?.close();
        slot.running = await mesos.addAgent(agent(slot.n));
      },
      'restart an agent': async () => {
        const slot = agents[below(3)];
        if (slot?.running) slot.running = await mesos.restartAgent(slot.running);
      },
      'another master takes over': () => mesos.master.faults.failOver(),
      'the master is away': async () => {
        mesos.master.faults.absent(true);
        await new Promise((resolve) => setTimeout(resolve, below(300)));
        mesos.master.faults.absent(false);
      },
      'cut an agent off': async () => {
        const master = createMasterClient({ master: mesos.master.url });
        const { get_agents: known } = await master.call({ type: 'GET_AGENTS' });
        master.close();
        const all = known.agents ?? [];
        mesos.master.faults.partition(all[below(Math.max(1, all.length))]?.agent_info.id?.value ?? '');
        // Longer than the master waits, or not.
        await new Promise((resolve) => setTimeout(resolve, below(600)));
        mesos.master.faults.heal();
      },
      'watches expire': () => kube.expireWatches(),
      'the API server refuses': () => {
        const end = Date.now() + 50 + below(200);
        kube.refuse = () => (Date.now() < end ? new KubeError(503, 'ServiceUnavailable', 'not now') : undefined);
      },
    };
    const names = Object.keys(faults);
    const end = Date.now() + seconds * 1_000;
    while (Date.now() < end) {
      const name = names[below(names.length)] ?? '';
      say('fault')(name);
      await Promise.resolve(faults[name]?.()).catch(() => undefined);
      await control().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, below(150)));
    }
    kube.refuse = () => undefined;

    const master = createMasterClient({ master: mesos.master.url });
    const settled = async () => {
      await control();
      const { items } = await kube.list(pods);
      const { get_tasks: found } = await master.call({ type: 'GET_TASKS' });
      const tasks = (found.tasks ?? []).map(({ task_id: id, state }) => `${id.value} ${state}`).sort();
      const bound = items.map(
        ({ metadata, status }) => `${metadata?.annotations?.[TASK_ID]} TASK_${status?.phase?.toUpperCase()}`,
      );
      const counts = await Promise.all(wanted.map(async (_, controller) => (await alive(controller)).length));
      return {
        tasks,
        onlyMesos: tasks.filter((task) => !bound.includes(task)),
        onlyKubernetes: items
          .filter((_, index) => !tasks.includes(bound[index] ?? ''))
          .map(({ metadata, spec, status }) =>
            [
              metadata?.name,
              metadata?.deletionTimestamp,
              spec?.nodeName,
              status?.phase,
              metadata?.annotations?.[TASK_ID],
            ].join(' '),
          ),
        waiting: bound.filter((line) => !line.endsWith(' TASK_RUNNING')).length,
        counts,
        scheduler: await tell(),
      };
    };
    const { tasks, counts } = await cluster.eventually(
      settled,
      ({ onlyMesos, onlyKubernetes, waiting, counts: now }) =>
        onlyMesos.length + onlyKubernetes.length + waiting === 0 && now.join() === wanted.join(),
    );
    expect(counts).toEqual(wanted);
    expect(new Set(tasks).size).toBe(wanted.reduce((sum, count) => sum + count, 0));

    // No resource is counted twice: an agent gives what its tasks and its executor take, and no more.
    const { get_agents: known } = await master.call({ type: 'GET_AGENTS' });
    const { get_tasks: found } = await master.call({ type: 'GET_TASKS' });
    for (const { agent_info: info, allocated_resources: allocated = [] } of known.agents ?? []) {
      const own = (found.tasks ?? []).filter(({ agent_id: id }) => id.value === info?.id?.value);
      const taken = own.reduce((sum, { resources = [] }) => sum + (scalarOf(resources, 'cpus') ?? 0), 0);
      const most = taken + 0.25 + 1e-9;
      // What is on offer is allocated too, so the agent's total bounds it; tasks and executor are below what is allocated.
      expect(scalarOf(allocated, 'cpus') ?? 0).toBeLessThanOrEqual(4);
      if (own.length > 0) expect(most).toBeLessThanOrEqual(4);
    }
    const ports = (found.tasks ?? []).map(
      ({ agent_id: id, resources = [] }) =>
        `${id.value} ${resources.flatMap(({ ranges }) => (ranges?.range ?? []).map(({ begin }) => begin)).join()}`,
    );
    expect(new Set(ports).size).toBe(ports.length);
    stop.abort();
    await running;
    master.close();
  },
  (seconds + 60) * 1_000,
);
