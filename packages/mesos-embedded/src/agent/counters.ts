import type { TaskState } from '@kmd/mesos-client';

/** What an agent has counted since it started; its metrics show it. */
export class Counters {
  validStatusUpdates = 0;
  invalidStatusUpdates = 0;
  validFrameworkMessages = 0;
  invalidFrameworkMessages = 0;
  executorsTerminated = 0;
  containerLaunchErrors = 0;
  fetchesSucceeded = 0;
  fetchesFailed = 0;
  recoveryErrors = 0;
  recoverySeconds = 0;
  /** Tasks by the state they ended in. */
  readonly tasks = new Map<TaskState, number>();

  ended(state: TaskState): void {
    this.tasks.set(state, (this.tasks.get(state) ?? 0) + 1);
  }

  /** Mesos counts a task's files together, and a task without any as well. */
  fetched(): void {
    this.fetchesSucceeded += 1;
  }
}
