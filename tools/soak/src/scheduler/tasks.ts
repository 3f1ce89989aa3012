import { join } from 'node:path';
import { parseResources, type ExecutorInfo, type Offer, type TaskInfo } from '@kmd/mesos-client';
import { RUN, TASK } from '../markers.js';
import type { SchedulerSettings } from './settings.js';

export const TASK_RESOURCES = parseResources('cpus:0.1;mem:16');
const EXECUTOR_RESOURCES = parseResources('cpus:0.1;mem:32');
/** What an offer must hold: a task, and its executor too where there is none yet. */
export const NEEDED = parseResources('cpus:0.2;mem:48');

/** A task that leaves a line when it starts, and then sleeps. */
export function describeTask(settings: SchedulerSettings, offer: Offer, id: string, seconds: number): TaskInfo {
  const task = {
    name: id,
    task_id: { value: id },
    agent_id: offer.agent_id,
    resources: TASK_RESOURCES,
  };
  const start = join(settings.starts, id);
  if (settings.tasks === 'executor') {
    const data = Buffer.from(JSON.stringify({ start, seconds })).toString('base64');
    return { ...task, executor: describeExecutor(settings), data };
  }
  const variables = marks({ [RUN]: settings.run, [TASK]: id });
  return {
    ...task,
    command: { value: `echo $$ >> '${start}'; sleep ${String(seconds)}`, environment: { variables } },
  };
}

/** The same for every task: Mesos lets tasks share an executor only if all describe it alike. */
function describeExecutor({ name, run, executor: [program, path] }: SchedulerSettings): ExecutorInfo {
  return {
    type: 'CUSTOM',
    executor_id: { value: `${name}-executor` },
    resources: EXECUTOR_RESOURCES,
    command: {
      shell: false,
      value: program,
      arguments: [program, path],
      environment: { variables: marks({ [RUN]: run }) },
    },
  };
}

function marks(variables: Readonly<Record<string, string>>) {
  return Object.entries(variables).map(([name, value]) => ({ name, type: 'VALUE' as const, value }));
}
