import { pods, type EventRecorder, type Informer, type KubeApi, type Logger, type Pod } from '@kmd/kube-client';
import type { SchedulerCallBody, TaskStatus } from '@kmd/mesos-client';
import { AGENT_ID, BINDING_HOST, TASK_ID } from '../annotation.js';
import { deletePod, isGone } from '../delete-pod.js';
import { insist } from '../insist.js';
import { controllerOf } from '../pod/kin.js';
import { isOver } from '../pod/phase.js';
import type { SchedulerMetrics } from './metrics.js';
import { decideOutcome, isTaskOver } from './outcome.js';
import { TaskRegistry, type PodTask } from './registry.js';

/** An executor has so many milliseconds to see that a pod is gone, and to say that its task has ended. */
const EXECUTOR_PATIENCE = 1_000;
/** A task that the API server knows nothing of is looked for again after this many milliseconds, then killed. */
const ADOPTION_PATIENCE = 2_000;

export interface TaskTrackerOptions {
  readonly kube: KubeApi;
  readonly pods: Informer<Pod>;
  readonly events: EventRecorder;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Sends a call to the master; failures are logged. */
  readonly send: (call: SchedulerCallBody) => void;
  /** The pod waits no longer. */
  readonly settled: (uid: string) => void;
  /** The pod needs another task. */
  readonly requeue: (pod: Pod) => void;
  readonly metrics?: SchedulerMetrics | undefined;
}

/** Follows the tasks from their launch to their end, and does to their pods what that asks for. */
export class TaskTracker {
  readonly registry = new TaskRegistry();
  readonly #options: TaskTrackerOptions;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(options: TaskTrackerOptions) {
    this.#options = options;
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  /** Takes on the task of a pod that an earlier scheduler launched; undefined where there is none. Pods with other annotations are none. */
  adopt(pod: Pod): PodTask | undefined {
    const { name = '', namespace = '', uid = '', annotations = {} } = pod.metadata ?? {};
    const { [TASK_ID]: taskId, [AGENT_ID]: agentId, [BINDING_HOST]: hostname } = annotations;
    if (!taskId || !agentId || !hostname || isOver(pod)) return undefined;
    const progress = pod.status?.phase === 'Running' ? 'running' : 'bound';
    const task: PodTask = {
      taskId,
      agentId,
      hostname,
      namespace,
      name,
      uid,
      controller: controllerOf(pod),
      resources: [],
      progress,
      killed: false,
    };
    this.registry.add(task);
    return task;
  }

  /** The same for a pod that was bound meanwhile: its task may have ended before anybody here heard of it, so the master is asked. */
  takeOn(pod: Pod): PodTask | undefined {
    const task = this.adopt(pod);
    if (!task) return undefined;
    const asked = { task_id: { value: task.taskId }, agent_id: { value: task.agentId } };
    this.#options.send({ type: 'RECONCILE', reconcile: { tasks: [asked] } });
    return task;
  }

  /**
   * The pod's object is gone, which its executor sees too: it ends the task without being told (the original told it all the same, to find
   * nothing). Mesos is asked where that has not come, and where the executor may not know of the pod yet.
   */
  release(task: PodTask): void {
    if (task.progress === 'launched') return this.kill(task);
    task.killed = true;
    this.#later(EXECUTOR_PATIENCE, () => {
      if (this.registry.get(task.taskId) === task) this.kill(task);
    });
  }

  /** Asks Mesos for the end of a task. */
  kill(task: PodTask): void {
    task.killed = true;
    this.#options.send({ type: 'KILL', kill: { task_id: { value: task.taskId }, agent_id: { value: task.agentId } } });
  }

  /** An update has come. */
  update(status: TaskStatus): void {
    const taskId = status.task_id.value;
    const task = this.registry.get(taskId);
    this.#options.logger.debug(
      { taskId, state: status.state, source: status.source, reason: status.reason, text: status.message },
      'status update',
    );
    this.#options.metrics?.statusUpdates.add({
      source: status.source ?? 'none',
      reason: status.reason ?? 'none',
      state: status.state,
    });
    if (!task) return this.#meetUnknown(status);
    const pod = this.current(task);
    switch (decideOutcome(status, task)) {
      case 'bound':
        this.bound(task, pod);
        break;
      case 'running':
        this.bound(task, pod);
        task.progress = 'running';
        // It was told to end while the master was away.
        if (task.killed && status.reason === 'REASON_RECONCILIATION') this.kill(task);
        break;
      case 'ended':
        this.registry.remove(task);
        break;
      case 'relaunch':
        this.registry.remove(task);
        void this.#relaunch(task, status);
        break;
      case 'replace':
        this.registry.remove(task);
        this.#options.logger.warn(
          { pod: `${task.namespace}/${task.name}`, state: status.state },
          'task lost: its pod is deleted',
        );
        void this.deletePod(task);
        break;
      default:
        break;
    }
  }

  /** The pod bears its task's name in the API server. */
  bound(task: PodTask, pod: Pod | undefined): void {
    if (task.progress !== 'launched') return;
    task.progress = 'bound';
    if (task.launchedAt !== undefined)
      this.#options.metrics?.bindLatency.observe((performance.now() - task.launchedAt) * 1000);
    this.#options.settled(task.uid);
    if (!pod) return;
    const message = `Successfully assigned ${task.namespace}/${task.name} to ${task.hostname}`;
    this.#options.events.record(pod, { type: 'Normal', reason: 'Scheduled', message });
  }

  /** The launch failed. What the pod is now, only the API server knows for sure. */
  async #relaunch(task: PodTask, { state, reason, message }: TaskStatus): Promise<void> {
    const { kube, logger, events, requeue, signal } = this.#options;
    const { namespace, name } = task;
    logger.warn({ pod: `${namespace}/${name}`, state, reason, text: message }, 'launch failed');
    const read = async (): Promise<void> => {
      const pod = await kube.get(pods, name, { namespace, signal });
      if (pod.metadata?.uid !== task.uid) return;
      const taskId = pod.metadata.annotations?.[TASK_ID];
      // Bound after all, and its task is gone; or bound by a task of another launch, which goes on, or is gone, too.
      if (taskId === task.taskId) return await this.deletePod(task);
      if (taskId !== undefined) return void this.takeOn(pod);
      if (isOver(pod)) return;
      events.record(pod, {
        type: 'Warning',
        reason: 'FailedScheduling',
        message: `Binding rejected: task ${task.taskId} on ${task.hostname}: ${message ?? reason ?? state}`,
      });
      requeue(pod);
    };
    const failure = 'a pod whose launch failed could not be read';
    await insist(read, { logger, signal, about: { pod: `${namespace}/${name}` }, failure, settles: isGone });
  }

  /** An update of a task that nobody here launched: one of an earlier scheduler, found by its pod, or a leftover. */
  #meetUnknown(status: TaskStatus): void {
    if (isTaskOver(status.state) || status.state === 'TASK_STAGING') return;
    const adopt = (): boolean => {
      const pod = this.#options.pods
        .list()
        .find(({ metadata }) => metadata?.annotations?.[TASK_ID] === status.task_id.value);
      const task = pod && this.adopt(pod);
      if (task && status.state === 'TASK_RUNNING') task.progress = 'running';
      if (task) this.#options.settled(task.uid);
      return task !== undefined;
    };
    if (adopt()) return;
    this.#later(ADOPTION_PATIENCE, () => {
      if (this.registry.get(status.task_id.value) || adopt()) return;
      this.#options.logger.warn({ taskId: status.task_id.value }, 'task without a pod: killed');
      this.#options.send({
        type: 'KILL',
        kill: { task_id: status.task_id, ...(status.agent_id ? { agent_id: status.agent_id } : {}) },
      });
    });
  }

  #later(milliseconds: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, milliseconds);
    this.#timers.add(timer);
  }

  /** The pod as it is now, if it is still the same. */
  current(of: PodTask | Pod): Pod | undefined {
    const { namespace, name = '', uid } = 'taskId' in of ? of : (of.metadata ?? {});
    const pod = this.#options.pods.get(namespace, name);
    return pod?.metadata?.uid === uid ? pod : undefined;
  }

  /** Nobody else knows that the pod's task is gone. When the scheduler ends before that is done, the next one begins with the pods as they are. */
  deletePod(pod: { namespace?: string; name?: string; uid?: string }): Promise<void> {
    return deletePod(pod, this.#options);
  }
}
