import type { TaskState } from '../types/task.js';

/** What is known of a task that may be running. Plain data, fit for JSON. */
export interface TaskRecord {
  readonly taskId: string;
  readonly agentId: string;
  /** The last state heard of; undefined: it is to be launched, and nothing was heard yet. */
  readonly state?: TaskState | undefined;
  /** Of the last update, seconds since the epoch. */
  readonly timestamp?: number | undefined;
  /** What the framework keeps with the task. */
  readonly data?: string | undefined;
}

/**
 * Keeps the tasks of a framework over restarts. What `save` and `remove` were given is kept once they have resolved: the intent to launch a
 * task is saved before the call that launches it, so that no task can be forgotten (docs/high-availability-framework-guide.md).
 */
export interface TaskStore {
  load(): Promise<TaskRecord[]>;
  /** Adds records, or replaces those of the same task. */
  save(records: readonly TaskRecord[]): Promise<void>;
  remove(taskIds: readonly string[]): Promise<void>;
}

/** Keeps tasks as long as the process lives. */
export class MemoryTaskStore implements TaskStore {
  readonly #records = new Map<string, TaskRecord>();

  load(): Promise<TaskRecord[]> {
    return Promise.resolve([...this.#records.values()]);
  }

  save(records: readonly TaskRecord[]): Promise<void> {
    for (const record of records) this.#records.set(record.taskId, record);
    return Promise.resolve();
  }

  remove(taskIds: readonly string[]): Promise<void> {
    for (const id of taskIds) this.#records.delete(id);
    return Promise.resolve();
  }
}
