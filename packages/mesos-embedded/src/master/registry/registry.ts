import type { AgentInfo } from '@kmd/mesos-client';

import type { Agent } from '../agent.js';
import type { Drain } from '../draining.js';
import type { MachineID, Schedule } from '../maintenance.js';
import type { Master } from '../master.js';
import type { QuotaConfig } from '../quota.js';
import type { WeightInfo } from '../weights.js';

/** An agent that belongs to the cluster, connected or not. */
export interface RegisteredAgent {
  /** With its id. */
  readonly info: AgentInfo;
  readonly deactivated: boolean;
  readonly drain?: Drain | undefined;
}

/**
 * What outlives a master: which agents there are, and what operators decided (src/master/registry.proto). Frameworks and tasks are not in
 * it: the master learns of them as frameworks and agents come back.
 */
export interface Registry {
  readonly agents: readonly RegisteredAgent[];
  /** Agents that went silent; since when, in nanoseconds since the epoch. */
  readonly unreachable: readonly { readonly id: string; readonly since: number }[];
  readonly gone: readonly string[];
  readonly quotas: readonly QuotaConfig[];
  readonly weights: readonly WeightInfo[];
  readonly schedule: Schedule;
  readonly down: readonly MachineID[];
}

export function describeRegistry(master: Master): Registry {
  const present = [...master.agents.values()].map(({ info, deactivated, drain }): RegisteredAgent => {
    return { info, deactivated, ...(drain === undefined ? {} : { drain }) };
  });
  return {
    agents: [...present, ...master.recoveredAgents.values()],
    unreachable: [...master.unreachableAgents].map(([id, since]) => ({ id, since })),
    gone: [...master.goneAgents],
    quotas: master.quotas.configs,
    weights: master.weights.all,
    schedule: master.maintenance.schedule,
    down: master.maintenance.down,
  };
}

/** Makes a master, which has none of it yet, know what the one before it knew. */
export function restoreRegistry(master: Master, registry: Registry): void {
  for (const agent of registry.agents) master.recoveredAgents.set(agent.info.id?.value ?? '', agent);
  for (const { id, since } of registry.unreachable) master.unreachableAgents.set(id, since);
  for (const id of registry.gone) master.goneAgents.add(id);
  // What was promised stays promised, whatever agents there are at the moment.
  master.quotas.update(registry.quotas, true, new Map());
  master.weights.update(registry.weights);
  master.maintenance.restore(registry.schedule, registry.down);
}

/** An agent of the registry is back: what operators said of it holds on. */
export function recoverAgent(master: Master, agent: Agent): void {
  const known = master.recoveredAgents.get(agent.id);
  master.recoveredAgents.delete(agent.id);
  if (known === undefined) return;
  agent.deactivated = known.deactivated;
  agent.drain = known.drain;
}

/** Agents of the registry that did not come back in time are unreachable (--agent_reregister_timeout). */
export function giveUpRecovered(master: Master): void {
  const since = Math.round(master.clock.now() * 1e6);
  for (const id of master.recoveredAgents.keys()) {
    master.unreachableAgents.set(id, since);
    master.log.warn({ agent: id }, 'agent did not come back after the failover of the master');
    for (const framework of master.frameworks.values()) {
      framework.send({ type: 'FAILURE', failure: { agent_id: { value: id } } });
    }
  }
  master.recoveredAgents.clear();
  master.keepRegistry();
}
