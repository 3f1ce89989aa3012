import type { ContainerRow } from '@kmd/compose-runner';
import { withoutProject } from './project.js';

/** The container of an agent. */
export interface AgentContainer {
  /** As `mesosslave-1`. */
  name: string;
  /** Its number among those of the service. */
  index: number;
}

/** The agents of a cluster's containers that run. */
export function runningAgents(rows: readonly ContainerRow[], project: string): AgentContainer[] {
  return rows
    .filter(({ service, state }) => service === 'mesosslave' && state === 'running')
    .map(({ name }) => ({ name: withoutProject(name, project), index: Number(/\d+$/.exec(name)?.[0] ?? 1) }));
}
