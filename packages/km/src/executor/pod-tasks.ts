import type { KubeApi, Logger, Pod, PodStatus } from '@kmd/kube-client';
import { isTerminal, type ExecutorClient, type TaskInfo, type TaskState, type TaskStatus } from '@kmd/mesos-client';
import { TASK_ID } from '../annotation.js';
import { deletePod } from '../delete-pod.js';
import type { PodAddresses } from './addresses.js';
import { bindPod } from './binding.js';
import type { PodRun, PodRuntime } from './pod/runtime.js';
import { StatusWriter, type PodIdentity } from './status-writer.js';

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

/** Ended tasks that are remembered (the original's figure). */
const ENDED_REMEMBERED = 1024;

export interface PodTasksOptions {
  readonly kube: KubeApi;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly runtime: PodRuntime;
  readonly client: Pick<ExecutorClient, 'update'>;
  readonly ip: string;
  /** Told whenever a task comes or goes. */
  readonly changed: () => void;
}

/** What is known of the agent only once it has been subscribed to. */
export interface AgentFacts {
  readonly hostname: string;
  readonly addresses: PodAddresses;
  /** The framework knows the state TASK_KILLING. */
  readonly tellsKilling: boolean;
}

/** The tasks of an executor: binds their pods, runs them, tells Mesos and the API server of each step. */
export class PodTasks {
  readonly #options: PodTasksOptions;
  readonly #facts: AgentFacts;
  readonly #records = new Map<string, PodRecord>();
  readonly #byUid = new Map<string, PodRecord>();
  /** Tasks whose end was reported: a KILL that comes late has nothing to kill. */
  readonly #ended = new Set<string>();

  constructor(options: PodTasksOptions, facts: AgentFacts) {
    this.#options = options;
    this.#facts = facts;
  }

  /** Some task has not ended. */
  get isBusy(): boolean {
    for (const { over } of this.#records.values()) if (!over) return true;
    return false;
  }

  list(): Pod[] {
    return [...this.#records.values()].map(({ pod, status }) => ({ ...pod, ...(status ? { status } : {}) }));
  }

  /** A pod that is here, and its run once it has one. */
  find(namespace: string, name: string): { pod: Pod; run: PodRun | undefined } | undefined {
    for (const record of this.#records.values())
      if (record.namespace === namespace && record.name === name) return { pod: record.pod, run: record.run };
    return undefined;
  }

  async launch(task: TaskInfo): Promise<void> {
    const { kube, signal, logger } = this.#options;
    const taskId = task.task_id.value;
    if (this.#records.has(taskId)) {
      logger.warn({ taskId }, 'task launched again: ignored');
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
    this.#options.changed();
    try {
      await bindPod(kube, pod, signal);
    } catch (error) {
      this.#forget(record);
      if (signal.aborted || record.ending) return;
      logger.warn({ err: error, pod: `${namespace}/${name}` }, 'the pod could not be bound');
      const failure = pod.spec?.nodeName ? 'annotation-update-failure' : 'create-binding-failure';
      return this.#update(taskId, 'TASK_FAILED', failure);
    }
    if (record.ending) return;
    this.#start(record);
    // A pod that runs at once is told of once, when the API server knows: each update is five messages between four processes.
    if (!record.status || record.status.phase === 'Pending') this.#tellStarting(record);
  }

  kill(taskId: string): void {
    const record = this.#records.get(taskId);
    if (record && !record.over) void this.#end(record, true, 0);
    else if (!this.#ended.has(taskId)) void this.#update(taskId, 'TASK_KILLED', 'kill-pod-task');
  }

  /** The API server has a new state of a pod of this node. */
  see({ metadata = {} }: Pod): void {
    if (metadata.deletionTimestamp === undefined) return;
    const { namespace = '', name = '', uid = '' } = metadata;
    const record = this.#byUid.get(uid);
    if (record) void this.#end(record, true, metadata.deletionGracePeriodSeconds);
    // A pod of an executor before this one: nobody else will let it go.
    else void deletePod({ namespace, name, uid }, this.#options);
  }

  /** The API server has a pod no more. */
  vanished(pod: Pod): void {
    const record = this.#byUid.get(pod.metadata?.uid ?? '');
    if (record) void this.#end(record, false);
  }

  /** Ends all tasks at once. */
  async killAll(): Promise<void> {
    const all = [...this.#records.values()].filter(({ over }) => !over);
    await Promise.all(all.map((record) => this.#end(record, true, 0)));
  }

  /** Ends what runs, and tells nobody. */
  async close(): Promise<void> {
    await Promise.all(
      [...this.#records.values()].map(async (record) => {
        record.writer?.close();
        await record.run?.stop(0);
      }),
    );
  }

  #start(record: PodRecord): void {
    const { kube, logger, signal, ip, runtime } = this.#options;
    const writer = new StatusWriter({ kube, logger, signal }, record, {
      written: (status) => this.#statusWritten(record, status),
      gone: () => void this.#end(record, false),
    });
    const podIP = record.pod.spec?.hostNetwork === true ? ip : this.#facts.addresses.take();
    record.writer = writer;
    record.podIP = podIP;
    record.run = runtime.start(record.pod, {
      hostIP: ip,
      podIP,
      nodeName: this.#facts.hostname,
      report: (status) => {
        record.status = status;
        writer.write(status);
      },
    });
  }

  #tellStarting({ taskId, name, namespace }: PodRecord): void {
    const result = {
      kind: 'PodStatusResult',
      apiVersion: 'v1',
      metadata: { name: `${name}_${namespace}` },
      status: {},
    };
    void this.#update(taskId, 'TASK_STARTING', 'create-binding-success', result);
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
    if (record.podIP !== undefined) this.#facts.addresses.release(record.podIP);
    this.#options.changed();
  }

  /** Ends a pod: its containers, its object in the API server (unless that is gone), its task. */
  async #end(record: PodRecord, deleteObject: boolean, grace?: number): Promise<void> {
    if (record.ending) {
      // A shorter grace than before, for instance none: `kubectl delete --force` does not wait for the first one.
      if (grace === 0 && record.run) await record.run.stop(0);
      return;
    }
    record.ending = true;
    record.writer?.close();
    if (this.#facts.tellsKilling && !record.over && record.run)
      void this.#update(record.taskId, 'TASK_KILLING', 'pod-terminating');
    await record.run?.stop(grace ?? record.pod.spec?.terminationGracePeriodSeconds ?? 30);
    if (deleteObject) await deletePod(record, this.#options);
    if (!record.over) await this.#update(record.taskId, 'TASK_KILLED', 'pod-deleted');
    this.#forget(record);
  }

  #forget(record: PodRecord): void {
    this.#records.delete(record.taskId);
    if (this.#byUid.get(record.uid) === record) this.#byUid.delete(record.uid);
    if (record.podIP !== undefined && !record.over) this.#facts.addresses.release(record.podIP);
    this.#options.changed();
  }

  async #update(taskId: string, state: TaskState, message: string, data?: unknown): Promise<void> {
    const { client, logger, signal } = this.#options;
    if (isTerminal(state)) this.#remember(taskId);
    const status: TaskStatus = {
      task_id: { value: taskId },
      state,
      message,
      source: 'SOURCE_EXECUTOR',
      ...(data === undefined ? {} : { data: Buffer.from(JSON.stringify(data)).toString('base64') }),
    };
    try {
      await client.update(status);
    } catch (error) {
      if (!signal.aborted) logger.warn({ err: error, taskId, state }, 'status update not delivered');
    }
  }

  #remember(taskId: string): void {
    this.#ended.add(taskId);
    if (this.#ended.size <= ENDED_REMEMBERED) return;
    const [oldest] = this.#ended;
    if (oldest !== undefined) this.#ended.delete(oldest);
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
