import { isTerminal, type TaskState, type TaskStatus } from '@kmd/mesos-client';

/** How far a task has come: sent to Mesos, bound to its node in the API server, seen running. */
export type TaskProgress = 'launched' | 'bound' | 'running';

/** What a status update means for the pod of its task. */
export type Outcome =
  /** Nothing changes. */
  | 'none'
  /** The pod is bound, or runs. */
  | 'bound'
  | 'running'
  /** The task is over and its resources are free; its executor has dealt with the pod. */
  | 'ended'
  /** The launch failed before the pod was bound: try again under a new task id. */
  | 'relaunch'
  /** The task is gone and the pod object lies: delete it, so that its controller makes another. */
  | 'replace';

/**
 * Whether a state ends a task for this framework. Besides Mesos' terminal ones that is UNKNOWN, and UNREACHABLE, though it may be followed
 * by TASK_RUNNING when the agent is back (recorded with Mesos 1.11, for TASK_LOST too): the pod has been replaced then, and its task is killed
 * as one without a pod.
 */
export const isTaskOver = (state: TaskState): boolean =>
  isTerminal(state) || state === 'TASK_UNKNOWN' || state === 'TASK_UNREACHABLE';

/**
 * The meaning of a status update for a task that the scheduler knows (spec B14 and B16). Against the original, whatever took a bound
 * pod's task away without its executor having a say (agent lost, executor terminated, task unknown to the master) replaces the pod:
 * there, pods of lost agents stayed for ever.
 */
export function decideOutcome(
  status: Pick<TaskStatus, 'state' | 'source'>,
  task: { readonly progress: TaskProgress; readonly killed: boolean },
): Outcome {
  const { state, source } = status;
  if (state === 'TASK_STARTING') return 'bound';
  if (state === 'TASK_RUNNING') return 'running';
  if (!isTaskOver(state)) return 'none';
  if (state === 'TASK_FINISHED' || task.killed) return 'ended';
  if (task.progress === 'launched') return 'relaunch';
  const byExecutor = source === 'SOURCE_EXECUTOR' && (state === 'TASK_FAILED' || state === 'TASK_KILLED');
  return byExecutor ? 'ended' : 'replace';
}
