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

/** No update of the task follows. TASK_LOST is terminal for frameworks that are not partition-aware, to whom alone Mesos sends it. */
export function isTerminal(state: TaskState): boolean {
  return TERMINAL.has(state);
}
