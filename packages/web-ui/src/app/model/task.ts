import type { TaskView } from '../../mesos-view.js';
import type { Tone } from './pod.js';

const tones: Readonly<Record<string, Tone>> = {
  TASK_RUNNING: 'good',
  TASK_FINISHED: 'done',
  TASK_KILLED: 'done',
  TASK_STAGING: 'busy',
  TASK_STARTING: 'busy',
  TASK_KILLING: 'busy',
};
export const toneOfTask = (state: string): Tone => tones[state] ?? 'bad';

/** The pod of a task; undefined for tasks of other frameworks, which are named as those like. */
export function podOf({ name }: Pick<TaskView, 'name'>): { namespace: string; name: string } | undefined {
  // The framework names tasks POD.NAMESPACE.pod; a namespace has no dots, a pod may.
  const [, pod, namespace] = /^(.+)\.([^.]+)\.pod$/.exec(name) ?? [];
  return pod === undefined || namespace === undefined ? undefined : { namespace, name: pod };
}
