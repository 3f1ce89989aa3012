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
  /** The uid of the pod's controller: its pods are spread. */
  readonly controller: string | undefined;
  /** On the clock of `performance.now()`, which nobody sets; absent for a task recovered. */
  readonly launchedAt?: number;
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
  /** Uids of pods that have, or had, a task here, as long as the pods are there. */
  readonly #pods = new Set<string>();
  /** Tasks of a controller's pods on each agent. */
  readonly #kin = new Map<string, Map<string, number>>();

  add(task: PodTask): void {
    const known = this.#byTask.get(task.taskId);
    if (known) this.remove(known);
    this.#byTask.set(task.taskId, task);
    this.#byPod.set(task.uid, task);
    this.#pods.add(task.uid);
    const siblings = this.#byAgent.get(task.agentId) ?? new Set();
    siblings.add(task);
    this.#byAgent.set(task.agentId, siblings);
    this.#countKin(task, 1);
  }

  remove(task: PodTask): void {
    if (this.#byTask.get(task.taskId) !== task) return;
    this.#byTask.delete(task.taskId);
    this.#countKin(task, -1);
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

  /** Whether the pod has, or had, a task: what its annotations name then is no news. */
  knew(uid: string): boolean {
    return this.#pods.has(uid);
  }

  /** The pod is gone. */
  forgetPod(uid: string): void {
    this.#pods.delete(uid);
  }

  onAgent(agentId: string): readonly PodTask[] {
    return [...(this.#byAgent.get(agentId) ?? [])];
  }

  countOnAgent(agentId: string): number {
    return this.#byAgent.get(agentId)?.size ?? 0;
  }

  /** Tasks of one controller's pods on an agent. */
  countKin(controller: string | undefined, agentId: string): number {
    return controller === undefined ? 0 : (this.#kin.get(controller)?.get(agentId) ?? 0);
  }

  #countKin({ controller, agentId }: PodTask, change: number): void {
    if (controller === undefined) return;
    const agents = this.#kin.get(controller) ?? new Map<string, number>();
    this.#kin.set(controller, agents);
    const count = (agents.get(agentId) ?? 0) + change;
    if (count > 0) agents.set(agentId, count);
    else agents.delete(agentId);
    if (agents.size === 0) this.#kin.delete(controller);
  }

  list(): PodTask[] {
    return [...this.#byTask.values()];
  }

  get size(): number {
    return this.#byTask.size;
  }
}
