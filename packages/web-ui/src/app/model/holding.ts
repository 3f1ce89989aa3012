import {
  keyOfTask,
  type AgentView,
  type Amounts,
  type ExecutorView,
  type FrameworkView,
  type OfferView,
  type TaskView,
} from '../../mesos-view.js';

import { hrefOfTask } from './href.js';
import { podOf } from './task.js';

/** What Mesos counts on an agent, as far as the page shows it. */
export const measures = ['cpus', 'mem', 'ports'] as const;
export type Measure = (typeof measures)[number];

/** What runs on one agent. */
export interface Holding {
  tasks: TaskView[];
  executors: ExecutorView[];
}

/** Who holds a part of an agent. */
export interface Holder {
  key: string;
  name: string;
  kind: 'task' | 'executor' | 'other' | 'offer';
  resources: Pick<Amounts, Measure | 'portRanges'>;
  /** A place of this page. */
  href?: string;
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

/** Who holds what of an agent: each task and executor, what Mesos has given away to nobody that it lists yet, and each offer. */
export function holdersOf(
  agent: AgentView,
  { tasks, executors }: Holding,
  frameworks: readonly FrameworkView[],
  offers: readonly OfferView[],
): Holder[] {
  const nameOf = (id: string): string => frameworks.find((framework) => framework.id === id)?.name ?? id;
  const holders: Holder[] = [
    ...tasks.map((task): Holder => ({
      key: keyOfTask(task),
      name: podOf(task)?.name ?? task.name,
      kind: 'task',
      resources: task.resources,
      href: hrefOfTask(task),
    })),
    ...executors.map(({ id, framework, resources }): Holder => ({
      key: `${framework} ${id}`,
      name: `executor of ${nameOf(framework)}`,
      kind: 'executor',
      resources,
    })),
  ];
  const left = (measure: Measure): number =>
    Math.max(0, agent.allocated[measure] - holders.reduce((sum, { resources }) => sum + resources[measure], 0));
  const other = { cpus: rounded(left('cpus')), mem: left('mem'), ports: left('ports'), portRanges: '' };
  if (other.cpus + other.mem + other.ports > 0)
    holders.push({ key: 'other', name: 'changing hands', kind: 'other', resources: other });
  for (const { id, framework, agent: of, resources } of offers)
    if (of === agent.id)
      holders.push({
        key: id,
        name: `on offer to ${nameOf(framework)}`,
        kind: 'offer',
        resources,
        href: '/mesos/offers',
      });
  return holders;
}

/** Mesos counts thousandths of a processor; sums of fractions do not. */
const rounded = (value: number): number => Math.round(value * 1000) / 1000;
