import type { Agent } from './agent.js';
import { freeExecutor } from './executors.js';
import type { Master } from './master.js';
import * as updates from './task-updates.js';

/**
 * The connection to an agent broke. Its offers are void at once; tasks of frameworks that do not checkpoint are lost with it
 * (trace 31); the others wait until the agent is back or unreachable.
 */
export function agentDisconnected(master: Master, agent: Agent): void {
  agent.link = undefined;
  master.log.warn({ agent: agent.id }, 'agent disconnected');
  master.offers.rescindAll(agent.offers);
  for (const framework of master.frameworks.values()) {
    if (framework.info.checkpoint === true) continue;
    updates.loseTasks(master, agent, framework, {
      state: 'TASK_LOST',
      aware: 'TASK_GONE',
      message: `Agent ${agent.info.hostname} disconnected`,
      reason: 'REASON_AGENT_DISCONNECTED',
    });
    for (const info of framework.executors.get(agent.id)?.values() ?? []) freeExecutor(master, framework, agent, info);
    framework.executors.delete(agent.id);
  }
}

export function agentUnreachable(master: Master, agent: Agent): void {
  const since = Math.round(master.clock.now() * 1e6);
  master.unreachableAgents.set(agent.id, since);
  master.counters.add('slave_unreachable_scheduled');
  master.counters.add('slave_unreachable_completed');
  removeAgent(master, agent, 'health check timed out', { since, why: 'unhealthy' });
}

/** Forgets an agent: its tasks are lost (or unreachable, `since` then), its offers void, its frameworks told. */
export function removeAgent(
  master: Master,
  agent: Agent,
  message: string,
  options: { since?: number; why?: 'registered' | 'unhealthy' | 'unregistered'; announce?: boolean } = {},
): void {
  const { since, why, announce = since === undefined } = options;
  master.counters.add('slave_removals');
  if (why !== undefined) master.counters.add(`slave_removals/reason_${why}`);
  const link = agent.link;
  agent.link = undefined;
  agent.pingTimer?.cancel();
  master.agents.delete(agent.id);
  master.allocator.agentRemoved(agent.id);
  for (const framework of master.frameworks.values()) {
    updates.loseTasks(master, agent, framework, {
      state: 'TASK_LOST',
      aware: since === undefined ? 'TASK_GONE' : 'TASK_UNREACHABLE',
      message,
      reason: 'REASON_AGENT_REMOVED',
      since,
    });
    for (const info of framework.executors.get(agent.id)?.values() ?? []) freeExecutor(master, framework, agent, info);
    framework.executors.delete(agent.id);
  }
  master.offers.rescindAll(agent.offers);
  for (const framework of master.frameworks.values()) {
    framework.send({ type: 'FAILURE', failure: { agent_id: { value: agent.id } } });
  }
  master.keepRegistry();
  master.log.warn({ agent: agent.id }, `agent removed: ${message}`);
  // Operators learn of agents that leave, not of those that went silent or were marked gone (master.cpp, __removeSlave; trace 04).
  if (announce) master.operators.agentRemoved(agent);
  // An unreachable agent may come back with what it runs; any other has to end it (docs/agent-recovery.md).
  if (since === undefined) link?.send({ type: 'SHUTDOWN', message });
  link?.close();
}

/** Takes an agent out for good, by word of an operator. */
export function markAgentGone(master: Master, agent: Agent): void {
  master.goneAgents.add(agent.id);
  for (const framework of master.frameworks.values()) {
    updates.loseTasks(master, agent, framework, {
      state: 'TASK_LOST',
      aware: 'TASK_GONE_BY_OPERATOR',
      message: 'Agent has been marked gone',
      reason: 'REASON_AGENT_REMOVED_BY_OPERATOR',
    });
  }
  removeAgent(master, agent, 'Agent has been marked gone', { announce: false });
}

/** Stops (or starts again) offering an agent; what runs on it goes on. */
export function setDeactivated(master: Master, agent: Agent, deactivated: boolean): void {
  agent.deactivated = deactivated;
  if (deactivated) master.offers.rescindAll(agent.offers);
  else master.allocator.allocateOn(agent.id);
}
