import { randomBytes } from 'node:crypto';
import type { ExecutorEvent } from '../types/executor.js';
import type { TaskInfo, TaskStatus } from '../types/task.js';

/** A status update on its way: with its uuid, so that it can be told from others. */
export type IdentifiedStatus = TaskStatus & { uuid: string };

/**
 * What an agent that comes back must be told: tasks of which it has not acknowledged any update, and updates it has not acknowledged.
 * An agent that hears of no such task reports it lost (recorded: 30-executor-basic, double subscribe).
 */
export class Unacknowledged {
  readonly #tasks = new Map<string, TaskInfo>();
  readonly #updates = new Map<string, IdentifiedStatus>();

  get tasks(): TaskInfo[] {
    return [...this.#tasks.values()];
  }

  /** In the order they were made. */
  get updates(): IdentifiedStatus[] {
    return [...this.#updates.values()];
  }

  holds(update: IdentifiedStatus): boolean {
    return this.#updates.has(update.uuid);
  }

  drop(update: IdentifiedStatus): void {
    this.#updates.delete(update.uuid);
  }

  /** Fills in what the agent asks of an update, and keeps it. */
  keep(status: TaskStatus, executorId: string, now: number): IdentifiedStatus {
    const update: IdentifiedStatus = {
      executor_id: { value: executorId },
      timestamp: now / 1000,
      ...status,
      source: 'SOURCE_EXECUTOR',
      uuid: status.uuid ?? makeUuid(),
    };
    this.#updates.set(update.uuid, update);
    return update;
  }

  observe(event: ExecutorEvent): void {
    if (event.type === 'LAUNCH') this.#add(event.launch.task);
    if (event.type === 'LAUNCH_GROUP') event.launch_group.task_group.tasks?.forEach((task) => this.#add(task));
    if (event.type === 'ACKNOWLEDGED') {
      this.#tasks.delete(event.acknowledged.task_id.value);
      this.#updates.delete(event.acknowledged.uuid);
    }
  }

  #add(task: TaskInfo): void {
    this.#tasks.set(task.task_id.value, task);
  }
}

/** 16 random bytes with the marks of a version 4 UUID, in Base64: Mesos refuses any other length. */
function makeUuid(): string {
  const bytes = randomBytes(16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('base64');
}
