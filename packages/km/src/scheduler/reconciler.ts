import type { SchedulerCallBody } from '@kmd/mesos-client';
import type { SchedulerMetrics } from './metrics.js';
import type { PodTask, TaskRegistry } from './registry.js';

export interface ReconcilerOptions {
  readonly registry: TaskRegistry;
  readonly call: (call: SchedulerCallBody) => Promise<void>;
  /** Milliseconds (spec B3, B4). */
  readonly implicitDelay?: number | undefined;
  readonly implicitInterval?: number | undefined;
  readonly firstBackoff?: number | undefined;
  readonly maxBackoff?: number | undefined;
  readonly metrics?: SchedulerMetrics | undefined;
}

/**
 * Asks the master what became of the tasks: of each known one until it has answered, then of all that it knows (spec B17). Starts
 * anew at each subscription.
 */
export class Reconciler {
  readonly #registry: TaskRegistry;
  readonly #call: (call: SchedulerCallBody) => Promise<void>;
  readonly #metrics: SchedulerMetrics | undefined;
  readonly #times: { implicitDelay: number; implicitInterval: number; firstBackoff: number; maxBackoff: number };
  readonly #unanswered = new Set<string>();
  #explicit: NodeJS.Timeout | undefined;
  #implicit: NodeJS.Timeout | undefined;
  #begun = 0;

  constructor({
    registry,
    call,
    implicitDelay = 15_000,
    implicitInterval = 300_000,
    firstBackoff = 1_000,
    maxBackoff = 120_000,
    metrics,
  }: ReconcilerOptions) {
    this.#registry = registry;
    this.#call = call;
    this.#metrics = metrics;
    this.#times = { implicitDelay, implicitInterval, firstBackoff, maxBackoff };
  }

  /** The framework has (re)subscribed. */
  start(): void {
    this.stop();
    this.requestExplicit();
    this.#arm(this.#times.implicitDelay);
  }

  /** Asks of every known task, from the beginning. */
  requestExplicit(): void {
    this.#metrics?.reconciliationRequested.add({ kind: 'explicit' });
    this.#cancel();
    for (const { taskId } of this.#registry.list()) this.#unanswered.add(taskId);
    this.#begun = performance.now();
    this.#ask(this.#times.firstBackoff);
  }

  /** Asks for everything the master knows, unless it is being asked task by task. */
  requestImplicit(): void {
    this.#metrics?.reconciliationRequested.add({ kind: 'implicit' });
    if (this.#unanswered.size > 0) return;
    this.#send('implicit', []);
  }

  /** A launch of which nobody has said a word for so many milliseconds may have got lost: the master tells whether it knows the task. */
  askOfLaunched(silence: number): void {
    const before = performance.now() - silence;
    const tasks = this.#registry
      .list()
      .filter(({ progress, launchedAt }) => progress === 'launched' && launchedAt !== undefined && launchedAt < before);
    if (tasks.length > 0) this.#reconcile(tasks);
  }

  /** An update of the task has come. */
  answered(taskId: string): void {
    if (!this.#unanswered.delete(taskId) || this.#unanswered.size > 0) return;
    clearTimeout(this.#explicit);
    this.#metrics?.reconciliationLatency.observe((performance.now() - this.#begun) * 1000);
  }

  /** Tasks that the master has not spoken of since the subscription. */
  get unanswered(): number {
    return this.#unanswered.size;
  }

  stop(): void {
    clearTimeout(this.#implicit);
    this.#cancel();
  }

  #cancel(): void {
    clearTimeout(this.#explicit);
    if (this.#unanswered.size > 0) this.#metrics?.reconciliationCancelled.add({ kind: 'explicit' });
    this.#unanswered.clear();
  }

  #ask(backoff: number): void {
    for (const id of this.#unanswered) if (!this.#registry.get(id)) this.#unanswered.delete(id);
    const tasks = [...this.#unanswered].map((id) => this.#registry.get(id)).filter((task): task is PodTask => !!task);
    if (tasks.length === 0) return;
    this.#send('explicit', tasks);
    this.#explicit = setTimeout(() => this.#ask(Math.min(backoff * 2, this.#times.maxBackoff)), backoff);
  }

  #send(kind: 'explicit' | 'implicit', asked: readonly PodTask[]): void {
    this.#metrics?.reconciliationExecuted.add({ kind });
    this.#reconcile(asked);
  }

  #reconcile(asked: readonly PodTask[]): void {
    const tasks = asked.map(({ taskId, agentId }) => ({ task_id: { value: taskId }, agent_id: { value: agentId } }));
    // Whatever fails is asked again.
    this.#call({ type: 'RECONCILE', reconcile: { tasks } }).catch(() => undefined);
  }

  #arm(delay: number): void {
    this.#implicit = setTimeout(() => {
      this.requestImplicit();
      this.#arm(this.#times.implicitInterval);
    }, delay);
    this.#implicit.unref();
  }
}
