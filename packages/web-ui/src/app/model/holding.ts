import type { AgentView, Amounts, ExecutorView, FrameworkView, TaskView } from '../../mesos-view.js';
import type { Measure, Part } from '../view/bar.js';

/** What runs on one agent. */
export interface Holding {
  tasks: TaskView[];
  executors: ExecutorView[];
}

/** What runs where, in one pass over all. */
export function holdingsOf(
  tasks: readonly TaskView[],
  executors: readonly ExecutorView[],
): ReadonlyMap<string, Holding> {
  const all = new Map<string, Holding>();
  const at = (agent: string): Holding => {
    let holding = all.get(agent);
    if (!holding) all.set(agent, (holding = { tasks: [], executors: [] }));
    return holding;
  };
  for (const task of tasks) if (!task.over) at(task.agent).tasks.push(task);
  for (const executor of executors) at(executor.agent).executors.push(executor);
  return all;
}

const sum = (items: readonly { resources: Amounts }[], measure: Measure): number =>
  items.reduce((total, { resources }) => total + resources[measure], 0);

/** Who holds how much of one resource of an agent: each framework's tasks and executors, then what is on offer. */
export function partsOf(
  agent: AgentView,
  { tasks, executors }: Holding,
  frameworks: readonly FrameworkView[],
  measure: Measure,
): Part[] {
  const parts: Part[] = [];
  for (const { id, name } of frameworks) {
    const mine = ({ framework }: { framework: string }): boolean => framework === id;
    parts.push(
      { name: `${name} tasks`, kind: 'tasks', amount: sum(tasks.filter(mine), measure) },
      { name: `${name} executors`, kind: 'executors', amount: sum(executors.filter(mine), measure) },
    );
  }
  const known = parts.reduce((total, { amount }) => total + amount, 0);
  parts.push(
    // Mesos has said that it is taken, and not yet by what.
    { name: 'others', kind: 'other', amount: Math.max(0, agent.allocated[measure] - known) },
    { name: 'on offer', kind: 'offered', amount: agent.offered[measure] },
  );
  return parts;
}
