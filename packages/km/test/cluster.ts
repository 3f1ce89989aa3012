import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { events, pods, type KubeApi, type Pod } from '@kmd/kube-client';
import { createMasterClient, MemoryFrameworkStore, parseExecutorEnvironment } from '@kmd/mesos-client';
import {
  startMesos,
  type AgentSpec,
  type Exit,
  type Launcher,
  type Mesos,
  type MesosOptions,
} from '@kmd/mesos-embedded';
export { isReady } from '../src/node.js';
import { runExecutor } from '../src/executor/executor.js';
import { startScheduler, type KmScheduler } from '../src/scheduler/start.js';
import type { SchedulerOptions } from '../src/scheduler/options.js';
import { FakeKube } from './fake-kube.js';

/** Executors run in this process, so that they can use the fake API server; everything else is real. */
function inProcess(kube: () => KubeApi, alive: Set<() => void>, idleTimeout?: number): Launcher {
  return {
    launch(_command, { env }) {
      const abort = new AbortController();
      let signalled: NodeJS.Signals | null = null;
      const exited = runExecutor({
        environment: parseExecutorEnvironment(env),
        kube: kube(),
        signal: abort.signal,
        ...(idleTimeout === undefined ? {} : { idleTimeout }),
      }).then(
        (): Exit => ({ code: signalled ? null : 0, signal: signalled }),
        (): Exit => ({ code: 1, signal: null }),
      );
      const kill = (signal: NodeJS.Signals): void => {
        signalled = signal;
        abort.abort();
      };
      const die = (): void => kill('SIGKILL');
      alive.add(die);
      void exited.finally(() => alive.delete(die));
      return { exited, kill };
    },
  };
}

export const agent = (n: number, extra: Partial<AgentSpec> = {}): AgentSpec => ({
  resources: 'cpus:4;mem:1280;disk:25600;ports:[31000-31099]',
  hostname: `agent-${n}`,
  ...extra,
});

export const isRunning = (pod: Pod): boolean => pod.status?.phase === 'Running';

export interface Cluster {
  readonly kube: FakeKube;
  readonly mesos: Mesos;
  scheduler: KmScheduler;
  restartScheduler(changes?: Partial<SchedulerOptions>): Promise<void>;
  create(name: string, pod?: Partial<Pod>): Promise<Pod>;
  pod(name: string): Promise<Pod | undefined>;
  /** Waits for a pod of which the condition holds. */
  until(name: string, condition: (pod: Pod) => boolean): Promise<Pod>;
  gone(name: string): Promise<void>;
  /** What the events of a reason say. */
  messages(reason: string): Promise<string[]>;
  /** Names of the tasks the master knows, with their states; of several with one name, one that is alive. */
  tasks(): Promise<Map<string, string>>;
  eventually<T>(read: () => Promise<T> | T, condition: (value: T) => boolean): Promise<T>;
  /** Ends the executors that run, as a SIGKILL would, the n-th of them (modulo their number). */
  killExecutor(n: number): void;
  close(): Promise<void>;
}

const noScheduler = new Proxy({} as KmScheduler, {
  get: (_, name) => (name === 'close' ? () => Promise.resolve() : undefined),
});

export async function startCluster(
  agents: readonly AgentSpec[],
  options: Partial<SchedulerOptions> & { idleTimeout?: number; mesosLogger?: MesosOptions['logger'] } = {},
  /** False: the test brings its own. */
  withScheduler = true,
  flags: MesosOptions['flags'] = {},
): Promise<Cluster> {
  const { idleTimeout, mesosLogger, ...schedulerOptions } = options;
  const kube = new FakeKube();
  const executors = new Set<() => void>();
  const frameworkStore = new MemoryFrameworkStore();
  const workDir = await mkdtemp(join(tmpdir(), 'km-'));
  const launcher = inProcess(() => kube, executors, idleTimeout);
  const mesos = await startMesos({ agents, workDir, launcher, logger: mesosLogger, flags });
  const start = (changes: Partial<SchedulerOptions> = {}): Promise<KmScheduler> =>
    startScheduler({
      mesosMaster: mesos.master.url,
      kube,
      executor: { command: { shell: false, value: 'executor' } },
      frameworkStore,
      initialPodBackoff: 50,
      maxPodBackoff: 200,
      ...schedulerOptions,
      ...changes,
    });
  const master = createMasterClient({ master: mesos.master.url });
  const eventually = async <T>(read: () => Promise<T> | T, condition: (value: T) => boolean): Promise<T> => {
    const end = Date.now() + 15_000;
    for (;;) {
      const value = await read();
      if (condition(value)) return value;
      if (Date.now() > end) throw new Error(`not seen within 15 s; last: ${JSON.stringify(value)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const pod = async (name: string): Promise<Pod | undefined> =>
    (await kube.list(pods)).items.find(({ metadata }) => metadata?.name === name);
  const cluster: Cluster = {
    kube,
    mesos,
    scheduler: withScheduler ? await start() : noScheduler,
    async restartScheduler(changes) {
      await cluster.scheduler.close();
      cluster.scheduler = await start(changes);
    },
    create: (name, extra = {}) =>
      kube.create(pods, {
        apiVersion: 'v1',
        kind: 'Pod',
        status: { phase: 'Pending' },
        ...extra,
        metadata: { ...extra.metadata, name, namespace: 'default' },
        spec: { containers: [{ name: 'c', image: 'busybox' }], terminationGracePeriodSeconds: 30, ...extra.spec },
      }),
    pod,
    until: async (name, condition) => {
      const found = await eventually(
        () => pod(name),
        (current) => current !== undefined && condition(current),
      );
      if (!found) throw new Error('unreachable');
      return found;
    },
    gone: async (name) => {
      await eventually(
        () => pod(name),
        (current) => current === undefined,
      );
    },
    messages: async (reason) =>
      (await kube.list(events)).items.filter((event) => event.reason === reason).map(({ message }) => message ?? ''),
    tasks: async () => {
      const state = await master.call({ type: 'GET_TASKS' });
      const { tasks = [], completed_tasks: completed = [] } = state.get_tasks;
      return new Map([...completed, ...tasks].map((task) => [task.name, task.state]));
    },
    eventually,
    killExecutor: (n) => [...executors][n % Math.max(1, executors.size)]?.(),
    close: async () => {
      await cluster.scheduler.close({ teardown: true });
      await mesos.close();
      await rm(workDir, { recursive: true, force: true });
    },
  };
  return cluster;
}
