import type { SchedulerCallBody } from '@kmd/mesos-client';
import type { PodTask, TaskRegistry } from './registry.js';

export interface ReconcilerOptions {
  readonly registry: TaskRegistry;
  readonly call: (call: SchedulerCallBody) => Promise<void>;
  /** Milliseconds (spec B3, B4). */
  readonly implicitDelay?: number | undefined;
  readonly implicitInterval?: number | undefined;
  readonly firstBackoff?: number | undefined;
  readonly maxBackoff?: number | undefined;
}

/**
 * Asks the master what became of the tasks: of each known one until it has answered, then of all that it knows (spec B17). Starts
 * anew at each subscription.
 */
export class Reconciler {
  readonly #registry: TaskRegistry;
  readonly #call: (call: SchedulerCallBody) => Promise<void>;
  readonly #times: { implicitDelay: number; implicitInterval: number; firstBackoff: number; maxBackoff: number };
  readonly #unanswered = new Set<string>();
  #explicit: NodeJS.Timeout | undefined;
  #implicit: NodeJS.Timeout | undefined;

  constructor({
    registry,
    call,
    implicitDelay = 15_000,
    implicitInterval = 300_000,
    firstBackoff = 1_000,
    maxBackoff = 120_000,
  }: ReconcilerOptions) {
    this.#registry = registry;
    this.#call = call;
    this.#times = { implicitDelay, implicitInterval, firstBackoff, maxBackoff };
  }

  /** The framework has (re)subscribed. */
  start(): void {
    this.stop();
    for (const { taskId } of this.#registry.list()) this.#unanswered.add(taskId);
    this.#ask(this.#times.firstBackoff);
    this.#arm(this.#times.implicitDelay);
  }

  /** An update of the task has come. */
  answered(taskId: string): void {
    this.#unanswered.delete(taskId);
  }

  /** Tasks that the master has not spoken of since the subscription. */
  get unanswered(): number {
    return this.#unanswered.size;
  }

  stop(): void {
    clearTimeout(this.#explicit);
    clearTimeout(this.#implicit);
    this.#unanswered.clear();
  }

  #ask(backoff: number): void {
    const tasks = [...this.#unanswered].map((id) => this.#registry.get(id)).filter((task): task is PodTask => !!task);
    if (tasks.length === 0) return;
    const reconcile = {
      tasks: tasks.map(({ taskId, agentId }) => ({ task_id: { value: taskId }, agent_id: { value: agentId } })),
    };
    // Whatever fails is asked again.
    this.#call({ type: 'RECONCILE', reconcile }).catch(() => undefined);
    this.#explicit = setTimeout(() => this.#ask(Math.min(backoff * 2, this.#times.maxBackoff)), backoff);
  }

  #arm(delay: number): void {
    this.#implicit = setTimeout(() => {
      if (this.#unanswered.size === 0)
        this.#call({ type: 'RECONCILE', reconcile: { tasks: [] } }).catch(() => undefined);
      this.#arm(this.#times.implicitInterval);
    }, delay);
    this.#implicit.unref();
  }
}
