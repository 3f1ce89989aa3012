import {
  createInformer,
  isConflict,
  isNotFound,
  pods,
  silentLogger,
  type KubeApi,
  type Logger,
  type Pod,
  type PodStatus,
} from '@kmd/kube-client';
import {
  createExecutorClient,
  isTerminal,
  type ExecutorClient,
  type ExecutorEnvironment,
  type ExecutorEvent,
  type TaskInfo,
  type TaskState,
  type TaskStatus,
} from '@kmd/mesos-client';
import { TASK_ID } from '../annotation.js';
import { REGISTER_NODE } from '../message.js';
import { agentNumber, PodAddresses } from './addresses.js';
import { bindPod } from './binding.js';
import { hollowRuntime } from './hollow.js';
import { startKubeletServer, type KubeletServer } from './kubelet-server.js';
import { NodeKeeper } from './node-keeper.js';
import type { ContainerLog, PodRun, PodRuntime } from './runtime.js';
import { StatusWriter, type PodIdentity } from './status-writer.js';

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

/** One task and its pod. */
interface PodRecord extends PodIdentity {
  readonly taskId: string;
  readonly pod: Pod;
  run?: PodRun;
  writer?: StatusWriter;
  podIP?: string;
  status?: PodStatus;
  /** RUNNING has been reported. */
  running: boolean;
  /** The task has ended, its pod remains to be looked at: it completed. */
  over: boolean;
  /** Its end is under way. */
  ending: boolean;
}

const DEFAULT_IDLE_TIMEOUT = 20 * 60_000;
/** Ended tasks that are remembered (the original's figure). */
const ENDED_REMEMBERED = 1024;
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
  readonly #records = new Map<string, PodRecord>();
  readonly #byUid = new Map<string, PodRecord>();
  /** Tasks whose end was reported: a KILL that comes late has nothing to kill. */
  readonly #ended = new Set<string>();
  #addresses = new PodAddresses(0);
  #hostname = '';
  /** The framework knows the state TASK_KILLING. */
  #tellsKilling = false;
  #ip: string;
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
          await this.#killAll();
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
      for (const record of this.#records.values()) {
        record.writer?.close();
        await record.run?.stop(0);
      }
      await this.#server?.close();
      this.#client.close();
    }
  }

  #handle(event: ExecutorEvent): void {
    switch (event.type) {
      case 'SUBSCRIBED':
        this.#subscribed(event.subscribed);
        break;
      case 'LAUNCH':
        void this.#launch(event.launch.task);
        break;
      case 'LAUNCH_GROUP':
        for (const task of event.launch_group.task_group.tasks ?? []) void this.#launch(task);
        break;
      case 'KILL':
        this.#kill(event.kill.task_id.value);
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

  // ---- The node

  #subscribed(subscribed: Subscribed): void {
    if (this.#hostname !== '') return;
    const { agent_info: agent } = subscribed;
    this.#hostname = agent.hostname;
    this.#tellsKilling =
      subscribed.framework_info.capabilities?.some(({ type }) => type === 'TASK_KILLING_STATE') === true;
    this.#addresses = new PodAddresses(agentNumber(agent.id?.value ?? agent.hostname));
    this.#logger.info({ node: this.#hostname }, 'subscribed to the agent');
    this.#watchPods();
    this.#registerNode(subscribed).catch((error: unknown) => {
      this.#logger.error({ err: error }, 'the node could not be registered');
    });
  }

  async #registerNode({ agent_info: agent, executor_info: executor }: Subscribed): Promise<void> {
    this.#server = await startKubeletServer(this.#ip, {
      pods: () => [...this.#records.values()].map(({ pod, status }) => ({ ...pod, ...(status ? { status } : {}) })),
      log: (namespace, pod, container, previous) => this.#log(namespace, pod, container, previous),
    });
    if (this.#stop.signal.aborted) return this.#server.close();
    this.#keeper = new NodeKeeper({
      kube: this.#kube,
      logger: this.#logger,
      agent,
      executor,
      ip: this.#ip,
      kubeletPort: this.#server.port,
      podCIDR: this.#addresses.cidr,
      signal: this.#stop.signal,
    });
    await this.#keeper.start();
  }

  #log(namespace: string, name: string, container: string, previous: boolean): ContainerLog | null | undefined {
    for (const record of this.#records.values()) {
      if (record.namespace !== namespace || record.name !== name) continue;
      const { containers = [], initContainers = [] } = record.pod.spec ?? {};
      if (![...containers, ...initContainers].some((spec) => spec.name === container)) return undefined;
      return record.run?.log(container, previous) ?? null;
    }
    return undefined;
  }

  /** One watch for all pods of the node: it tells of deletions. */
  #watchPods(): void {
    const informer = createInformer(this.#kube, pods, {
      fieldSelector: `spec.nodeName=${this.#hostname}`,
      logger: this.#logger,
    });
    informer.subscribe({
      added: (pod) => this.#see(pod),
      updated: (pod) => this.#see(pod),
      deleted: (pod) => {
        const record = this.#byUid.get(pod.metadata?.uid ?? '');
        if (record) void this.#end(record, false);
      },
    });
    informer
      .run(this.#stop.signal)
      .catch((error: unknown) => this.#logger.error({ err: error }, 'the pod watch has ended'));
  }

  #see({ metadata = {} }: Pod): void {
    if (metadata.deletionTimestamp === undefined) return;
    const record = this.#byUid.get(metadata.uid ?? '');
    if (record) void this.#end(record, true, metadata.deletionGracePeriodSeconds);
    // A pod of an executor before this one: nobody else will let it go.
    else
      void this.#deletePod({ namespace: metadata.namespace ?? '', name: metadata.name ?? '', uid: metadata.uid ?? '' });
  }

  // ---- Tasks

  async #launch(task: TaskInfo): Promise<void> {
    const taskId = task.task_id.value;
    if (this.#records.has(taskId)) {
      this.#logger.warn({ taskId }, 'task launched again: ignored');
      return;
    }
    const pod = readPod(task.data);
    if (!pod) return this.#update(taskId, 'TASK_FAILED', 'unmarshal-task-data-failure');
    if (pod.metadata?.annotations?.[TASK_ID] !== taskId)
      return this.#update(taskId, 'TASK_FAILED', 'create-binding-failure');
    const { name = '', namespace = '', uid = '' } = pod.metadata;
    const record: PodRecord = { taskId, pod, name, namespace, uid, running: false, over: false, ending: false };
    this.#records.set(taskId, record);
    this.#byUid.set(uid, record);
    this.#watchIdle();
    try {
      await bindPod(this.#kube, pod, this.#stop.signal);
    } catch (error) {
      this.#forget(record);
      if (this.#stop.signal.aborted || record.ending) return;
      this.#logger.warn({ err: error, pod: `${namespace}/${name}` }, 'the pod could not be bound');
      const failure = pod.spec?.nodeName ? 'annotation-update-failure' : 'create-binding-failure';
      return this.#update(taskId, 'TASK_FAILED', failure);
    }
    if (record.ending) return;
    const result = {
      kind: 'PodStatusResult',
      apiVersion: 'v1',
      metadata: { name: `${name}_${namespace}` },
      status: {},
    };
    void this.#update(taskId, 'TASK_STARTING', 'create-binding-success', result);
    this.#start(record);
  }

  #start(record: PodRecord): void {
    const writer = new StatusWriter({ kube: this.#kube, logger: this.#logger, signal: this.#stop.signal }, record, {
      written: (status) => this.#statusWritten(record, status),
      gone: () => void this.#end(record, false),
    });
    const podIP = record.pod.spec?.hostNetwork === true ? this.#ip : this.#addresses.take();
    record.writer = writer;
    record.podIP = podIP;
    record.run = this.#runtime.start(record.pod, {
      hostIP: this.#ip,
      podIP,
      report: (status) => {
        record.status = status;
        writer.write(status);
      },
    });
  }

  /** The API server knows the status: now Mesos may. */
  #statusWritten(record: PodRecord, status: PodStatus): void {
    if (record.ending || record.over) return;
    const { taskId, name, namespace } = record;
    const id = `${name}_${namespace}`;
    const { phase } = status;
    if (phase === 'Pending' || phase === undefined) return;
    if (!record.running) {
      record.running = true;
      void this.#update(taskId, 'TASK_RUNNING', `pod-running:${id}`, status);
    }
    if (phase === 'Running') return;
    // Against the original, whose tasks ran on until the pod object went: a completed pod gives its resources back.
    record.over = true;
    const state = phase === 'Succeeded' ? 'TASK_FINISHED' : 'TASK_FAILED';
    void this.#update(taskId, state, `pod-${phase.toLowerCase()}:${id}`, status);
    if (record.podIP !== undefined) this.#addresses.release(record.podIP);
    this.#watchIdle();
  }

  #kill(taskId: string): void {
    const record = this.#records.get(taskId);
    if (record && !record.over) void this.#end(record, true, 0);
    else if (!this.#ended.has(taskId)) void this.#update(taskId, 'TASK_KILLED', 'kill-pod-task');
  }

  /** Ends a pod: its containers, its object in the API server (unless that is gone), its task. */
  async #end(record: PodRecord, deleteObject: boolean, grace?: number): Promise<void> {
    if (record.ending) return;
    record.ending = true;
    record.writer?.close();
    if (this.#tellsKilling && !record.over && record.run)
      void this.#update(record.taskId, 'TASK_KILLING', 'pod-terminating');
    await record.run?.stop(grace ?? record.pod.spec?.terminationGracePeriodSeconds ?? 30);
    if (deleteObject) await this.#deletePod(record);
    if (!record.over) await this.#update(record.taskId, 'TASK_KILLED', 'pod-deleted');
    this.#forget(record);
  }

  async #killAll(): Promise<void> {
    const all = [...this.#records.values()].filter(({ over }) => !over);
    const ended = Promise.all(all.map((record) => this.#end(record, true, 0)));
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, LAST_WORDS).unref())]);
  }

  #forget(record: PodRecord): void {
    this.#records.delete(record.taskId);
    if (this.#byUid.get(record.uid) === record) this.#byUid.delete(record.uid);
    if (record.podIP !== undefined && !record.over) this.#addresses.release(record.podIP);
    this.#watchIdle();
  }

  async #deletePod({ namespace, name, uid }: PodIdentity): Promise<void> {
    for (let delay = 200; !this.#stop.signal.aborted; delay = Math.min(delay * 2, 5_000))
      try {
        await this.#kube.delete(pods, name, { namespace, gracePeriodSeconds: 0, preconditions: { uid } });
        return;
      } catch (error) {
        // A conflict: another pod has the name by now.
        if (isNotFound(error) || isConflict(error)) return;
        this.#logger.warn(
          { err: error, pod: `${namespace}/${name}` },
          'the pod object could not be deleted, trying again',
        );
        await new Promise((resolve) => setTimeout(resolve, delay));
      }
  }

  async #update(taskId: string, state: TaskState, message: string, data?: unknown): Promise<void> {
    if (isTerminal(state)) this.#remember(taskId);
    const status: TaskStatus = {
      task_id: { value: taskId },
      state,
      message,
      source: 'SOURCE_EXECUTOR',
      ...(data === undefined ? {} : { data: Buffer.from(JSON.stringify(data)).toString('base64') }),
    };
    try {
      await this.#client.update(status);
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#logger.warn({ err: error, taskId, state }, 'status update not delivered');
    }
  }

  #remember(taskId: string): void {
    this.#ended.add(taskId);
    if (this.#ended.size <= ENDED_REMEMBERED) return;
    const [oldest] = this.#ended;
    if (oldest !== undefined) this.#ended.delete(oldest);
  }

  /** Starts or stops the countdown to the executor's end, as there are tasks or not. */
  #watchIdle(): void {
    clearTimeout(this.#idle);
    const busy = [...this.#records.values()].some(({ over }) => !over);
    if (busy || this.#idleTimeout === 0) return;
    this.#idle = setTimeout(() => {
      this.#logger.info('no task for long: the executor ends');
      this.#stop.abort();
    }, this.#idleTimeout);
    this.#idle.unref();
  }
}

/** The pod that a task carries, or undefined if it carries none. */
function readPod(data: string | undefined): Pod | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(data ?? '', 'base64').toString('utf8'));
    return isPod(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isPod = (value: unknown): value is Pod =>
  typeof value === 'object' &&
  value !== null &&
  'kind' in value &&
  value.kind === 'Pod' &&
  'metadata' in value &&
  'spec' in value;
