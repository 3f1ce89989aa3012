import type { MasterAgent, MasterGetState, Offer, Resource } from '@kmd/mesos-client';
import { addResources, isTerminal } from '@kmd/mesos-client';

import { agentCapabilities } from '../capabilities.js';
import { allocate, normalise, toLegacyForm } from '../resources.js';
import type { Agent } from './agent.js';
import { describeDrain } from './draining.js';
import type { Framework } from './framework.js';
import type { Master } from './master.js';

/** The state of a master as the v1 operator API tells it (trace 01-operator-master-json). */

export function describeState(master: Master): MasterGetState {
  return {
    get_tasks: describeTasks(master),
    get_executors: describeExecutors(master),
    get_frameworks: describeFrameworks(master),
    get_agents: describeAgents(master),
  };
}

export function describeTasks(master: Master) {
  const all = everyFramework(master);
  return {
    tasks: all.flatMap((framework) => [...framework.tasks.values()]),
    unreachable_tasks: all.flatMap((framework) => [...framework.unreachableTasks.values()]),
    completed_tasks: all.flatMap((framework) => framework.completedTasks),
  };
}

export function describeExecutors(master: Master) {
  return {
    executors: [...master.frameworks.values()].flatMap((framework) =>
      [...framework.executors].flatMap(([agentId, executors]) =>
        [...executors.values()].map((info) => ({ executor_info: info, agent_id: { value: agentId } })),
      ),
    ),
  };
}

export function describeFrameworks(master: Master) {
  return {
    frameworks: [...master.frameworks.values()].map(describeFramework),
    completed_frameworks: [...master.completedFrameworks.values()].map(describeFramework),
  };
}

export function describeAgents(master: Master) {
  return {
    agents: [...master.agents.values()].map(describeAgent),
    recovered_agents: [...master.recoveredAgents.values()].map(({ info }) => info),
  };
}

export function describeFramework(framework: Framework) {
  const allocated = allocatedTo(framework);
  const offered = offeredOf(framework.offers);
  return {
    framework_info: framework.info,
    active: framework.connected,
    connected: framework.connected,
    recovered: framework.recovered,
    registered_time: time(framework.registeredTime),
    reregistered_time: time(framework.reregisteredTime),
    ...(framework.unregisteredTime === 0 ? {} : { unregistered_time: time(framework.unregisteredTime) }),
    ...(framework.offers.size === 0 ? {} : { offers: [...framework.offers].map(({ offer }) => newerForm(offer)) }),
    ...(allocated.length === 0 ? {} : { allocated_resources: allocated.map(withRole) }),
    ...(offered.length === 0 ? {} : { offered_resources: offered.map(withRole) }),
    offer_constraints: framework.constraints.given,
  };
}

/** What a framework's tasks and executors use. */
export function allocatedTo(framework: Framework): Resource[] {
  let used: Resource[] = [];
  for (const task of framework.tasks.values()) {
    if (!isTerminal(task.state)) used = addResources(used, task.resources ?? []);
  }
  for (const executors of framework.executors.values()) {
    for (const info of executors.values()) used = addResources(used, info.resources ?? []);
  }
  return used;
}

/** What is offered, with its allocation. */
export function offeredOf(offers: Iterable<{ resources: readonly Resource[]; role: string }>): Resource[] {
  let offered: Resource[] = [];
  for (const { resources, role } of offers) offered = addResources(offered, allocate(resources, role));
  return offered;
}

function newerForm(offer: Offer): Offer {
  const role = offer.allocation_info?.role ?? '*';
  return { ...offer, resources: allocate(normalise(offer.resources ?? []), role) };
}

export function describeAgent(agent: Agent): MasterAgent {
  const offered = offeredOf(agent.offers);
  return {
    agent_info: { ...agent.info, checkpoint: true },
    active: agent.active,
    deactivated: agent.deactivated,
    version: agent.version,
    pid: agent.pid,
    registered_time: time(agent.registeredTime),
    ...(agent.reregisteredTime === undefined ? {} : { reregistered_time: time(agent.reregisteredTime) }),
    total_resources: agent.total.map(withRole),
    ...(agent.used.length === 0 ? {} : { allocated_resources: agent.used.map(withRole) }),
    ...(offered.length === 0 ? {} : { offered_resources: offered.map(withRole) }),
    capabilities: [...agentCapabilities],
    ...describeDrain(agent),
  };
}

/** Endpoints say both forms at once: the reservation stack, and the role of old. */
export function withRole(resource: Resource): Resource {
  return toLegacyForm(resource, true);
}

function time(seconds: number): { nanoseconds: number } {
  return { nanoseconds: Math.round(seconds * 1e9) };
}

function everyFramework(master: Master): Framework[] {
  return [...master.frameworks.values(), ...master.completedFrameworks.values()];
}
