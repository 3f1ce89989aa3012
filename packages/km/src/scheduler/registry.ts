import type { Resource } from '@kmd/mesos-client';
import type { TaskProgress } from './outcome.js';

/** A pod that was made a Mesos task. */
export interface PodTask {
  readonly taskId: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly agentId: string;
  readonly hostname: string;
  /** What it takes of the agent; empty for a task recovered from its pod's annotations. */
  readonly resources: readonly Resource[];
  progress: TaskProgress;
  /** The scheduler has asked for its end. */
  killed: boolean;
}

/** The tasks that are alive as far as the scheduler knows, found by task or by pod. */
export class TaskRegistry {
  readonly #byTask = new Map<string, PodTask>();
  readonly #byPod = new Map<string, PodTask>();
  readonly #byAgent = new Map<string, Set<PodTask>>();

  add(task: PodTask): void {
    this.#byTask.set(task.taskId, task);
    this.#byPod.set(task.uid, task);
    const siblings = this.#byAgent.get(task.agentId) ?? new Set();
    siblings.add(task);
    this.#byAgent.set(task.agentId, siblings);
  }

  remove(task: PodTask): void {
    this.#byTask.delete(task.taskId);
    if (this.#byPod.get(task.uid) === task) this.#byPod.delete(task.uid);
    const siblings = this.#byAgent.get(task.agentId);
    siblings?.delete(task);
    if (siblings?.size === 0) this.#byAgent.delete(task.agentId);
  }

  get(taskId: string): PodTask | undefined {
    return this.#byTask.get(taskId);
  }

  ofPod(uid: string): PodTask | undefined {
    return this.#byPod.get(uid);
  }

  onAgent(agentId: string): readonly PodTask[] {
    return [...(this.#byAgent.get(agentId) ?? [])];
  }

  countOnAgent(agentId: string): number {
    return this.#byAgent.get(agentId)?.size ?? 0;
  }

  list(): PodTask[] {
    return [...this.#byTask.values()];
  }

  get size(): number {
    return this.#byTask.size;
  }
}
