import { createInformer, pods, silentLogger, type KubeApi, type Logger } from '@kmd/kube-client';
import {
  createExecutorClient,
  type ExecutorClient,
  type ExecutorEnvironment,
  type ExecutorEvent,
} from '@kmd/mesos-client';
import { REGISTER_NODE } from '../message.js';
import { agentNumber, PodAddresses } from './addresses.js';
import { hollowRuntime } from './hollow.js';
import { KubeletAccess } from './kubelet-access.js';
import { startKubeletServer, type KubeletServer, type KubeletView } from './kubelet-server.js';
import { NodeKeeper } from './node-keeper.js';
import { PodTasks } from './pod-tasks.js';
import type { ContainerLog, PodRuntime } from './pod/runtime.js';
import { StaticPods } from './static-pods.js';

/** What an executor needs. Times are milliseconds. */
export interface ExecutorOptions {
  readonly environment: ExecutorEnvironment;
  readonly kube: KubeApi;
  /** Default: hollow. */
  readonly runtime?: PodRuntime | undefined;
  /** Ends the executor when no task has been there for so long; default 20 minutes, 0 never (spec B13.6). */
  readonly idleTimeout?: number | undefined;
  readonly logger?: Logger | undefined;
  readonly signal?: AbortSignal | undefined;
}

type Subscribed = Extract<ExecutorEvent, { type: 'SUBSCRIBED' }>['subscribed'];

const DEFAULT_IDLE_TIMEOUT = 20 * 60_000;
/** An executor that is told to stop waits this long for its last updates to be acknowledged. */
const LAST_WORDS = 2_000;

/**
 * Runs the executor of one agent until Mesos, the signal, idleness or the loss of its agent ends it. Resolves when everything it
 * ran has ended; rejects when the agent refuses it.
 */
export async function runExecutor(options: ExecutorOptions): Promise<void> {
  await new Executor(options).run();
}

class Executor {
  readonly #kube: KubeApi;
  readonly #logger: Logger;
  readonly #runtime: PodRuntime;
  readonly #idleTimeout: number;
  readonly #stop = new AbortController();
  readonly #client: ExecutorClient;
  readonly #ip: string;
  /** From the first subscription on. */
  #tasks: PodTasks | undefined;
  #static: StaticPods | undefined;
  #keeper: NodeKeeper | undefined;
  #server: KubeletServer | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor({
    environment,
    kube,
    runtime = hollowRuntime,
    idleTimeout,
    logger = silentLogger,
    signal,
  }: ExecutorOptions) {
    this.#kube = kube;
    this.#runtime = runtime;
    this.#logger = logger;
    this.#idleTimeout = idleTimeout ?? DEFAULT_IDLE_TIMEOUT;
    // The address by which the agent is known is the executor's too: they share a machine.
    this.#ip = new URL(environment.agentUrl).hostname.replace(/^\[|\]$/g, '');
    this.#client = createExecutorClient({ environment, logger });
    signal?.addEventListener('abort', () => this.#stop.abort(), { once: true });
    if (signal?.aborted) this.#stop.abort();
  }

  async run(): Promise<void> {
    this.#watchIdle();
    try {
      for await (const event of this.#client.subscribe({ signal: this.#stop.signal })) {
        if (event.type === 'SHUTDOWN') {
          this.#logger.info('the agent asks for the end');
          await this.#shutDown();
          break;
        }
        this.#handle(event);
      }
      if (this.#client.end === 'agent-lost') this.#logger.warn('the agent is gone: the executor ends');
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    } finally {
      clearTimeout(this.#idle);
      this.#stop.abort();
      this.#keeper?.stop();
      await Promise.all([this.#tasks?.close(), this.#static?.close()]);
      await this.#server?.close();
      this.#client.close();
    }
  }

  #handle(event: ExecutorEvent): void {
    switch (event.type) {
      case 'SUBSCRIBED':
        if (!this.#tasks) this.#subscribed(event.subscribed);
        break;
      case 'LAUNCH':
        void this.#tasks?.launch(event.launch.task);
        break;
      case 'LAUNCH_GROUP':
        for (const task of event.launch_group.task_group.tasks ?? []) void this.#tasks?.launch(task);
        break;
      case 'KILL':
        this.#tasks?.kill(event.kill.task_id.value);
        break;
      case 'MESSAGE':
        if (Buffer.from(event.message.data, 'base64').toString() === REGISTER_NODE) void this.#keeper?.register();
        break;
      case 'ERROR':
        this.#logger.error({ text: event.error.message }, 'the agent reports an error');
        break;
      default:
        break;
    }
  }

  #subscribed(subscribed: Subscribed): void {
    const { agent_info: agent, framework_info: framework } = subscribed;
    const { hostname } = agent;
    const addresses = new PodAddresses(agentNumber(agent.id?.value ?? hostname));
    const shared = {
      kube: this.#kube,
      logger: this.#logger,
      signal: this.#stop.signal,
      runtime: this.#runtime,
      ip: this.#ip,
    };
    const tellsKilling = framework.capabilities?.some(({ type }) => type === 'TASK_KILLING_STATE') === true;
    this.#tasks = new PodTasks(
      { ...shared, client: this.#client, changed: () => this.#watchIdle() },
      { hostname, addresses, tellsKilling },
    );
    this.#static = new StaticPods({ ...shared, hostname, addresses });
    this.#logger.info({ node: hostname }, 'subscribed to the agent');
    this.#watchPods(hostname, this.#tasks, this.#static);
    this.#registerNode(subscribed, addresses.cidr).catch((error: unknown) => {
      this.#logger.error({ err: error }, 'the node could not be registered');
    });
  }

  async #registerNode({ agent_info: agent, executor_info: executor }: Subscribed, podCIDR: string): Promise<void> {
    const view: KubeletView = {
      pods: () => [...(this.#tasks?.list() ?? []), ...(this.#static?.list() ?? [])],
      log: (namespace, pod, container, previous) => this.#log(namespace, pod, container, previous),
    };
    const access = new KubeletAccess({ kube: this.#kube, node: agent.hostname, logger: this.#logger });
    this.#server = await startKubeletServer(this.#ip, view, access);
    if (this.#stop.signal.aborted) return this.#server.close();
    this.#keeper = new NodeKeeper({
      kube: this.#kube,
      logger: this.#logger,
      agent,
      executor,
      ip: this.#ip,
      kubeletPort: this.#server.port,
      podCIDR,
      signal: this.#stop.signal,
    });
    await this.#keeper.start();
    await this.#static?.start(executor.data);
  }

  #log(namespace: string, name: string, container: string, previous: boolean): ContainerLog | null | undefined {
    const found = this.#tasks?.find(namespace, name) ?? this.#static?.find(namespace, name);
    const { containers = [], initContainers = [] } = found?.pod.spec ?? {};
    if (![...containers, ...initContainers].some((spec) => spec.name === container)) return undefined;
    return found?.run?.log(container, previous) ?? null;
  }

  /** One watch for all pods of the node: it tells of deletions. */
  #watchPods(hostname: string, tasks: PodTasks, statics: StaticPods): void {
    const informer = createInformer(this.#kube, pods, {
      fieldSelector: `spec.nodeName=${hostname}`,
      logger: this.#logger,
    });
    informer.subscribe({
      added: (pod) => (StaticPods.isMirror(pod) ? statics : tasks).see(pod),
      updated: (pod) => (StaticPods.isMirror(pod) ? statics : tasks).see(pod),
      deleted: (pod) => (StaticPods.isMirror(pod) ? statics : tasks).vanished(pod),
    });
    informer
      .run(this.#stop.signal)
      .catch((error: unknown) => this.#logger.error({ err: error }, 'the pod watch has ended'));
  }

  async #shutDown(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise((resolve) => (timer = setTimeout(resolve, LAST_WORDS)));
    await Promise.race([this.#tasks?.killAll(), patience]);
    clearTimeout(timer);
  }

  /** Starts or stops the countdown to the executor's end, as there are tasks or not. */
  #watchIdle(): void {
    clearTimeout(this.#idle);
    if (this.#tasks?.isBusy || this.#idleTimeout === 0) return;
    this.#idle = setTimeout(() => {
      this.#logger.info('no task for long: the executor ends');
      this.#stop.abort();
    }, this.#idleTimeout);
    this.#idle.unref();
  }
}
