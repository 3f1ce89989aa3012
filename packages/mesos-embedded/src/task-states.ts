import type { TaskState } from '@kmd/mesos-client';

const terminal: ReadonlySet<TaskState> = new Set([
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_ERROR',
  'TASK_LOST',
  'TASK_DROPPED',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
]);

/** Whether a task in this state has ended. TASK_UNREACHABLE has not: the task may come back. */
export function isTerminal(state: TaskState): boolean {
  return terminal.has(state);
}
