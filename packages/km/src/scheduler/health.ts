import type { PodQueue } from './queue.js';
import type { TaskRegistry } from './registry.js';

/** How the framework stands. */
export interface SchedulerHealth {
  /** The master sends it events. */
  readonly subscribed: boolean;
  readonly frameworkId: string | undefined;
  readonly executorId: string;
  /** Agents that have sent an offer, and offers in hand. */
  readonly agents: number;
  readonly offers: number;
  /** Pods that wait for a place. */
  readonly waiting: number;
  readonly tasks: { readonly launched: number; readonly bound: number; readonly running: number };
  /** What ended the framework: it does nothing any more. */
  readonly failure?: Error;
}

/** The state of this moment as Prometheus' gauges. */
export const gaugesOf = ({ agents, offers, waiting, tasks, subscribed }: SchedulerHealth): Record<string, number> => ({
  km_subscribed: Number(subscribed),
  km_agents: agents,
  km_offers_held: offers,
  km_pods_waiting: waiting,
  km_tasks_launched: tasks.launched,
  km_tasks_bound: tasks.bound,
  km_tasks_running: tasks.running,
});

export function countTasks(registry: TaskRegistry): SchedulerHealth['tasks'] {
  const tasks = { launched: 0, bound: 0, running: 0 };
  for (const { progress } of registry.list()) tasks[progress] += 1;
  return tasks;
}

/** One line a task: id, pod, state number (0 pending, 1 running), agent (spec B25). */
export function printTasks(registry: TaskRegistry): string {
  const lines = registry
    .list()
    .map(({ taskId, namespace, name, progress, hostname }) =>
      [taskId, `${namespace}/${name}`, progress === 'running' ? 1 : 0, hostname].join('\t'),
    );
  return `${[`task_count=${lines.length}`, ...lines].join('\n')}\n`;
}

/** One line a waiting pod. */
export function printQueue(queue: PodQueue): string {
  const lines = queue
    .list()
    .map(({ pod, attempts, due }) =>
      [`${pod.metadata?.namespace}/${pod.metadata?.name}`, `attempts=${attempts}`, due ? 'due' : 'waits'].join('\t'),
    );
  return lines.map((line) => `${line}\n`).join('');
}
