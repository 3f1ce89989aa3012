import { useMemo } from 'preact/hooks';
import { useMesos } from './mesos.js';

/** Names of agents and frameworks in place of their ids. */
export interface Names {
  agent: (id: string) => string;
  framework: (id: string) => string;
}

export function useNames(): Names {
  const { agents, frameworks } = useMesos();
  return useMemo(() => {
    const hosts = new Map(agents.map(({ id, hostname }) => [id, hostname]));
    const names = new Map(frameworks.map(({ id, name }) => [id, name]));
    return { agent: (id) => hosts.get(id) ?? id, framework: (id) => names.get(id) ?? id };
  }, [agents, frameworks]);
}
