import { listAll, pods, type KubeClient, type Pod } from '@kmd/kube-client';
import { AGENT_ID, TASK_ID } from '@kmd/km';
import { scalarOf, type MasterClient, type Resource } from '@kmd/mesos-client';
import { NAMESPACE } from './churn.js';

/** What Mesos and Kubernetes say at one moment. */
interface Views {
  readonly pods: readonly Pod[];
  /** Tasks that have not ended. */
  readonly tasks: readonly { id: string; name: string; state: string; agent: string; resources: readonly Resource[] }[];
  /** By agent: what the master counts as taken, and what its executors take. */
  readonly agents: readonly { id: string; host: string; allocated: number; executors: number }[];
}

export async function look(kube: KubeClient, master: MasterClient): Promise<Views> {
  const [{ items }, tasks, agents, executors] = await Promise.all([
    listAll(kube, pods, { namespace: NAMESPACE }),
    master.call({ type: 'GET_TASKS' }),
    master.call({ type: 'GET_AGENTS' }),
    master.call({ type: 'GET_EXECUTORS' }),
  ]);
  const cpus = (resources: readonly Resource[] = []): number => scalarOf(resources, 'cpus') ?? 0;
  return {
    pods: items,
    tasks: (tasks.get_tasks.tasks ?? []).map((task) => ({
      id: task.task_id.value,
      name: task.name,
      state: task.state,
      agent: task.agent_id.value,
      resources: task.resources ?? [],
    })),
    agents: (agents.get_agents.agents ?? []).map(({ agent_info: info, allocated_resources: allocated }) => ({
      id: info.id?.value ?? '',
      host: info.hostname,
      allocated: cpus(allocated),
      executors: (executors.get_executors.executors ?? [])
        .filter(({ agent_id: agent }) => agent?.value === info.id?.value)
        .reduce((sum, { executor_info: executor }) => sum + cpus(executor.resources), 0),
    })),
  };
}

/** Pods that run as two tasks at once. */
export function findDoubles({ tasks }: Views): string[] {
  const running = tasks.filter(({ state }) => state === 'TASK_RUNNING').map(({ name }) => name);
  return [...new Set(running.filter((name, index) => running.indexOf(name) !== index))];
}

/** Everything on which the two, and those who want pods, do not agree; nothing when all is as it ought to be. */
export function disagreements(views: Views, wanted: ReadonlyMap<string, number>): string[] {
  const byTask = new Map(views.tasks.map((task) => [task.id, task]));
  const found: string[] = [];
  for (const [app, count] of wanted) {
    const have = views.pods.filter(({ metadata }) => metadata?.labels?.['app'] === app).length;
    if (have !== count) found.push(`${String(count)} pods of ${app} are wanted, there are ${String(have)}`);
  }
  const known = new Set<string>();
  for (const { metadata, status, spec } of views.pods) {
    const name = metadata?.name ?? '';
    const taskId = metadata?.annotations?.[TASK_ID] ?? '';
    known.add(taskId);
    const task = byTask.get(taskId);
    if (metadata?.deletionTimestamp !== undefined) found.push(`pod ${name} is still terminating`);
    else if (status?.phase !== 'Running') found.push(`pod ${name} is ${String(status?.phase)}`);
    else if (task?.state !== 'TASK_RUNNING')
      found.push(`pod ${name} is Running, its task ${taskId} is ${task?.state ?? 'unknown'}`);
    else if (task.agent !== metadata?.annotations?.[AGENT_ID])
      found.push(`pod ${name} is on ${String(spec?.nodeName)}, its task on agent ${task.agent}`);
  }
  for (const { id, name, state } of views.tasks)
    if (!known.has(id)) found.push(`task ${id} (${name}) is ${state}, and no pod has it`);
  for (const { id, host, allocated, executors } of views.agents) {
    const used = views.tasks
      .filter(({ agent }) => agent === id)
      .reduce((sum, { resources }) => sum + (scalarOf(resources, 'cpus') ?? 0), executors);
    // Offers count as taken until they are given back, which they are when nobody waits.
    if (Math.abs(allocated - used) > 1e-6)
      found.push(`${host}: ${String(allocated)} cpus are taken, tasks and executors use ${String(used)}`);
  }
  return found;
}
