import type { TaskState } from '../types/task.js';

const TERMINAL: ReadonlySet<TaskState> = new Set<TaskState>([
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_ERROR',
  'TASK_LOST',
  'TASK_DROPPED',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
]);

/**
 * No update of the task follows. TASK_LOST is terminal for frameworks that are not partition-aware, to whom alone Mesos sends it; but should
 * its agent come back, Mesos says TASK_RUNNING of it all the same (recorded: 13-scheduler-task-states): kill what you have replaced.
 */
export function isTerminal(state: TaskState): boolean {
  return TERMINAL.has(state);
}
