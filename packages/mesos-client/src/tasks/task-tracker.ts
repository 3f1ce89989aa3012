import { InvalidCallError, NotSubscribedError } from '../scheduler/errors.js';
import type { SchedulerMiddleware } from '../scheduler/middleware.js';
import type { SchedulerClientEvent } from '../scheduler/options.js';
import type { ReconcileTask, SchedulerCallBody } from '../types/scheduler.js';
import type { TaskInfo, TaskStatus } from '../types/task.js';
import { isTerminal } from './task-state.js';
import { MemoryTaskStore, type TaskRecord, type TaskStore } from './task-store.js';

/** What a task tracker is made of. */
export interface TaskTrackerOptions {
  /** Default: in memory. */
  store?: TaskStore | undefined;
  /** What to keep with a task that is launched. */
  describe?: ((task: TaskInfo) => string | undefined) | undefined;
}

/**
 * Knows every task of the framework that may be running. As a middleware it saves the intent to launch a task before ACCEPT is sent, and each
 * state before the consumer gets to see it, so before it is acknowledged. Ended tasks are forgotten, and so are those that Mesos does not
 * know (TASK_UNKNOWN) and those whose launch was never sent; the store forgets them only when the consumer is done with their end: a
 * process that is killed before is told of it again, even by updates that nobody acknowledges.
 *
 * ```ts
 * const tasks = new TaskTracker({ store: new FileTaskStore('./tasks.ndjson') });
 * await tasks.load();
 * scheduler.use(tasks.middleware);
 * ```
 */
export class TaskTracker {
  readonly #store: TaskStore;
  readonly #describe: (task: TaskInfo) => string | undefined;
  readonly #tasks = new Map<string, TaskRecord>();
  /** Launches that the master has not taken yet. */
  readonly #underway = new Set<string>();

  constructor({ store = new MemoryTaskStore(), describe = () => undefined }: TaskTrackerOptions = {}) {
    this.#store = store;
    this.#describe = describe;
  }

  get size(): number {
    return this.#tasks.size;
  }

  /** Reads what an earlier process kept. Call it before the first subscription. */
  async load(): Promise<void> {
    for (const record of await this.#store.load()) this.#tasks.set(record.taskId, record);
  }

  get(taskId: string): TaskRecord | undefined {
    return this.#tasks.get(taskId);
  }

  list(): TaskRecord[] {
    return [...this.#tasks.values()];
  }

  /**
   * The tasks in the form of RECONCILE, but for those whose launch is under way: the master might be asked before it has heard of them, and
   * would call them gone.
   */
  reconcilable(): ReconcileTask[] {
    return this.list()
      .filter(({ taskId }) => !this.#underway.has(taskId))
      .map(({ taskId, agentId }) => ({
        task_id: { value: taskId },
        ...(agentId === '' ? {} : { agent_id: { value: agentId } }),
      }));
  }

  readonly middleware: SchedulerMiddleware = {
    types: ['UPDATE'],
    event: async (event: SchedulerClientEvent, next) => {
      const ended = event.type === 'UPDATE' ? await this.#update(event.update.status) : undefined;
      await next();
      if (ended !== undefined && !this.#tasks.has(ended)) await this.#store.remove([ended]);
    },
    call: async (call, next) => {
      const tasks = launchedBy(call);
      if (tasks.length === 0) return next(call);
      const records = tasks.map((task): TaskRecord => {
        const data = this.#describe(task);
        return { taskId: task.task_id.value, agentId: task.agent_id.value, ...(data === undefined ? {} : { data }) };
      });
      const fresh = records.filter(({ taskId }) => !this.#tasks.has(taskId));
      for (const record of fresh) {
        this.#tasks.set(record.taskId, record);
        this.#underway.add(record.taskId);
      }
      try {
        await this.#keep(fresh);
        await next(call);
      } catch (error) {
        // These never left the process. Of every other failure it is not known whether Mesos saw the call: reconciliation tells.
        if (error instanceof InvalidCallError || error instanceof NotSubscribedError)
          await this.#forget(fresh.map(({ taskId }) => taskId));
        throw error;
      } finally {
        for (const { taskId } of fresh) this.#underway.delete(taskId);
      }
    },
  };

  /** Gives the id of a task that has ended now. */
  async #update(status: TaskStatus): Promise<string | undefined> {
    const taskId = status.task_id.value;
    const known = this.#tasks.get(taskId);
    if (isTerminal(status.state) || status.state === 'TASK_UNKNOWN') {
      return this.#tasks.delete(taskId) ? taskId : undefined;
    }
    const record: TaskRecord = {
      taskId,
      agentId: status.agent_id?.value ?? known?.agentId ?? '',
      state: status.state,
      ...(status.timestamp === undefined ? {} : { timestamp: status.timestamp }),
      ...(known?.data === undefined ? {} : { data: known.data }),
    };
    this.#underway.delete(taskId);
    // The same state again, by reconciliation or redelivery: nothing to keep.
    if (known && known.state === record.state && known.agentId === record.agentId) return undefined;
    this.#tasks.set(taskId, record);
    await this.#store.save([record]);
    return undefined;
  }

  /** Launches that cannot be kept are not made. */
  async #keep(records: readonly TaskRecord[]): Promise<void> {
    try {
      await this.#store.save(records);
    } catch (error) {
      for (const { taskId } of records) this.#tasks.delete(taskId);
      throw error;
    }
  }

  async #forget(taskIds: readonly string[]): Promise<void> {
    for (const id of taskIds) this.#tasks.delete(id);
    await this.#store.remove(taskIds);
  }
}

function launchedBy(call: SchedulerCallBody): TaskInfo[] {
  if (call.type !== 'ACCEPT') return [];
  return (call.accept.operations ?? []).flatMap((operation) => {
    if (operation.type === 'LAUNCH') return operation.launch.task_infos ?? [];
    return operation.type === 'LAUNCH_GROUP' ? (operation.launch_group.task_group.tasks ?? []) : [];
  });
}
