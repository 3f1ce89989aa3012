import { printResources, type OfferOperation, type Resource } from '@kmd/mesos-client';

import { Refusal } from '../http/negotiation.js';
import type { Reply } from '../http/reply.js';
import type { Agent } from './agent.js';
import { markAgentGone, setDeactivated } from './agent-removal.js';
import { drainAgent } from './draining.js';
import type { MachineID, Schedule } from './maintenance.js';
import type { Master } from './master.js';
import { applyForOperator, rewriteOperation, validateOperation } from './operations.js';
import type { QuotaConfig } from './quota.js';
import { applyGuarantee, applyQuotas, applyWeights } from './quota-effects.js';
import { removeFramework } from './subscriptions.js';
import type { WeightInfo } from './weights.js';

/** The calls of operators that change something (src/master/http.cpp; trace 01-operator-master-json). Shapes have been checked. */

type Id = { readonly value: string };

interface Writes {
  SET_LOGGING_LEVEL: { level: number; duration: { nanoseconds: number } };
  UPDATE_WEIGHTS: { weight_infos?: WeightInfo[] };
  UPDATE_QUOTA: { force?: boolean; quota_configs?: QuotaConfig[] };
  SET_QUOTA: { quota_request: { force?: boolean; role?: string; guarantee?: Resource[] } };
  REMOVE_QUOTA: { role: string };
  RESERVE_RESOURCES: { agent_id: Id; source?: Resource[]; resources?: Resource[] };
  UNRESERVE_RESOURCES: { agent_id: Id; resources?: Resource[] };
  CREATE_VOLUMES: { agent_id: Id; volumes?: Resource[] };
  DESTROY_VOLUMES: { agent_id: Id; volumes?: Resource[] };
  GROW_VOLUME: { agent_id: Id; volume: Resource; addition: Resource };
  SHRINK_VOLUME: { agent_id: Id; volume: Resource; subtract: { value: number } };
  UPDATE_MAINTENANCE_SCHEDULE: { schedule: Schedule };
  START_MAINTENANCE: { machines?: MachineID[] };
  STOP_MAINTENANCE: { machines?: MachineID[] };
  TEARDOWN: { framework_id: Id };
  MARK_AGENT_GONE: { agent_id: Id };
  DEACTIVATE_AGENT: { agent_id: Id };
  REACTIVATE_AGENT: { agent_id: Id };
  DRAIN_AGENT: {
    agent_id: Id;
    max_grace_period?: { seconds?: number; nanos?: number } | string;
    mark_gone?: boolean;
  };
}

type Write = { [Type in keyof Writes]: (master: Master, body: Writes[Type]) => number };

/** Each returns the status of its answer, which has no body. */
const writes: Write = {
  SET_LOGGING_LEVEL(master, { level, duration }) {
    if (level < 0) throw new Refusal(400, `Invalid level '${String(level)}'`);
    master.setLoggingLevel(level, duration.nanoseconds / 1e6);
    return 200;
  },
  UPDATE_WEIGHTS(master, { weight_infos: infos = [] }) {
    master.weights.update(infos);
    applyWeights(
      master,
      infos.map(({ role = '' }) => role.trim()),
    );
    reallocate(master);
    return 200;
  },
  UPDATE_QUOTA(master, { force = false, quota_configs: configs = [] }) {
    master.quotas.update(configs, force, master.allocator.totals.all);
    applyQuotas(master, configs);
    reallocate(master);
    return 200;
  },
  SET_QUOTA(master, { quota_request: { role = '', guarantee = [], force = false } }) {
    master.quotas.set(role, guarantee, force, master.allocator.totals.all);
    applyGuarantee(master, role, guarantee);
    reallocate(master);
    return 200;
  },
  REMOVE_QUOTA(master, { role }) {
    // Mesos 1.11 ends itself here (trace 70); its legacy endpoint's answer is given instead.
    if (!master.quotas.remove(role)) {
      throw new Refusal(400, `Failed to remove quota: Role '${role}' has no quota set`);
    }
    reallocate(master);
    return 200;
  },
  RESERVE_RESOURCES(master, { agent_id, source, resources = [] }) {
    const reserve = { resources, ...(source === undefined ? {} : { source }) };
    return operate(master, agent_id, 'RESERVE', { type: 'RESERVE', reserve });
  },
  UNRESERVE_RESOURCES: (master, { agent_id, resources = [] }) =>
    operate(master, agent_id, 'UNRESERVE', { type: 'UNRESERVE', unreserve: { resources } }),
  CREATE_VOLUMES: (master, { agent_id, volumes = [] }) =>
    operate(master, agent_id, 'CREATE', { type: 'CREATE', create: { volumes } }),
  DESTROY_VOLUMES: (master, { agent_id, volumes = [] }) =>
    operate(master, agent_id, 'DESTROY', { type: 'DESTROY', destroy: { volumes } }),
  GROW_VOLUME: (master, { agent_id, volume, addition }) =>
    operate(master, agent_id, 'GROW_VOLUME', { type: 'GROW_VOLUME', grow_volume: { volume, addition } }),
  SHRINK_VOLUME: (master, { agent_id, volume, subtract }) =>
    operate(master, agent_id, 'SHRINK_VOLUME', { type: 'SHRINK_VOLUME', shrink_volume: { volume, subtract } }),
  UPDATE_MAINTENANCE_SCHEDULE(master, { schedule }) {
    master.maintenance.update(schedule);
    return 200;
  },
  START_MAINTENANCE(master, { machines = [] }) {
    master.maintenance.start(machines);
    return 200;
  },
  STOP_MAINTENANCE(master, { machines = [] }) {
    master.maintenance.stop(machines);
    return 200;
  },
  TEARDOWN(master, { framework_id }) {
    const framework = master.frameworks.get(framework_id.value);
    if (framework === undefined) throw new Refusal(400, 'No framework found with specified ID');
    removeFramework(master, framework);
    return 200;
  },
  MARK_AGENT_GONE(master, { agent_id: { value } }) {
    const agent = master.agents.get(value);
    if (agent !== undefined) markAgentGone(master, agent);
    else if (master.unreachableAgents.delete(value)) master.goneAgents.add(value);
    else if (!master.goneAgents.has(value)) throw new Refusal(404, `Agent '${value}' not found`);
    return 200;
  },
  DEACTIVATE_AGENT(master, { agent_id }) {
    setDeactivated(master, known(master, agent_id), true);
    return 200;
  },
  REACTIVATE_AGENT(master, { agent_id }) {
    const agent = known(master, agent_id);
    if (agent.drain !== undefined && !agent.drain.done) {
      throw new Refusal(400, `Agent ${agent.id} is still in the DRAINING state`);
    }
    agent.drain = undefined;
    setDeactivated(master, agent, false);
    return 200;
  },
  DRAIN_AGENT(master, { agent_id, max_grace_period: grace, mark_gone = false }) {
    const period =
      typeof grace === 'object' ? { nanoseconds: (grace.seconds ?? 0) * 1e9 + (grace.nanos ?? 0) } : undefined;
    drainAgent(master, known(master, agent_id), {
      ...(period === undefined ? {} : { max_grace_period: period }),
      mark_gone,
    });
    return 200;
  },
};

/** Mesos divides anew at its next interval. */
export function reallocate(master: Master): void {
  if (master.flags.eagerAllocation) master.allocator.allocateAll();
}

/** Whether a call of this type changes something. */
export function isWrite(type: string): type is keyof Writes {
  return type in writes;
}

/** Performs a call whose shape has been checked. @throws {Refusal} */
export function write(master: Master, type: keyof Writes, body: unknown, reply: Reply): void {
  // The shapes of the calls (message/messages.ts) say the same as `Writes`.
  const perform = writes[type] as (master: Master, body: unknown) => number;
  const status = perform(master, body);
  master.keepRegistry();
  reply.empty(status);
}

function known(master: Master, id: Id): Agent {
  const agent = master.agents.get(id.value);
  if (agent === undefined) throw new Refusal(400, 'Unknown agent');
  return agent;
}

/** 202: the outcome is not waited for (docs/operator-http-api.md). */
function operate(master: Master, id: Id, name: string, operation: OfferOperation): number {
  const agent = master.agents.get(id.value);
  if (agent === undefined) throw new Refusal(400, 'No agent found with specified ID');
  const plain = rewriteOperation(operation, (resource) => resource);
  const invalid = validateOperation(plain, agent);
  if (invalid !== undefined) {
    // The one call whose text does not name the agent (http.cpp:1035).
    const where =
      name === 'DESTROY' || name === 'UNRESERVE'
        ? ''
        : ` on agent ${agent.id} at ${agent.pid} (${agent.info.hostname})`;
    throw new Refusal(400, `Invalid ${name} operation${where}: ${invalid}`);
  }
  const failure = applyForOperator(master, agent, plain);
  if (failure !== undefined) throw new Refusal(409, failure);
  master.log.info({ agent: agent.id, total: printResources(agent.total) }, `operator: ${name}`);
  return 202;
}
