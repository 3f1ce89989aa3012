import { roundScalar } from '@kmd/mesos-client';

import { negotiate, Refusal, readCall } from '../http/negotiation.js';
import type { Reply } from '../http/reply.js';
import type { Handler } from '../http/server.js';
import { masterCall } from '../message/messages.js';
import { quantityOf } from './allocation/holdings.js';
import { version } from '../version.js';
import { flags, rolesInUse } from './legacy.js';
import type { Master } from './master.js';
import { metrics } from './metrics/metrics.js';
import { isWrite, write } from './operator-writes.js';
import * as state from './state.js';

const messages = { response: 'MasterResponse', event: 'MasterEvent' };

/** `POST /api/v1` of the master: what operators ask (src/master/http.cpp, api; trace 01-operator-master-json). */
export function operatorEndpoint(master: Master): Handler {
  return (request, reply) => {
    if (request.method !== 'POST') {
      reply.methodNotAllowed(['POST']);
      return;
    }
    try {
      const call = readCall(request, masterCall, 'MasterCall');
      const type = validateType(call);
      negotiate(request, reply, messages);
      perform(master, type, call, reply);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      reply.text(error.status, error.message);
    }
  };
}

/** Calls that must bring a message of their own. */
const withMessage: ReadonlySet<string> = new Set([
  'GET_METRICS',
  'SET_LOGGING_LEVEL',
  'LIST_FILES',
  'READ_FILE',
  'UPDATE_WEIGHTS',
  'RESERVE_RESOURCES',
  'UNRESERVE_RESOURCES',
  'CREATE_VOLUMES',
  'DESTROY_VOLUMES',
  'GROW_VOLUME',
  'SHRINK_VOLUME',
  'UPDATE_MAINTENANCE_SCHEDULE',
  'START_MAINTENANCE',
  'STOP_MAINTENANCE',
  'DRAIN_AGENT',
  'DEACTIVATE_AGENT',
  'REACTIVATE_AGENT',
  'UPDATE_QUOTA',
  'SET_QUOTA',
  'REMOVE_QUOTA',
  'TEARDOWN',
  'MARK_AGENT_GONE',
]);

function validateType(call: Readonly<Record<string, unknown>>): string {
  const type = call['type'];
  if (typeof type !== 'string') {
    throw new Refusal(400, "Failed to validate master::Call: Expecting 'type' to be present");
  }
  const field = type.toLowerCase();
  if (withMessage.has(type) && call[field] === undefined) {
    throw new Refusal(400, `Failed to validate master::Call: Expecting '${field}' to be present`);
  }
  return type;
}

const reads: Readonly<Record<string, (master: Master) => object>> = {
  GET_HEALTH: () => ({ healthy: true }),
  GET_FLAGS: (master) => ({ flags: Object.entries(flags(master)).map(([name, value]) => ({ name, value })) }),
  GET_VERSION: () => ({ version_info: version }),
  GET_METRICS: (master) => ({ metrics: [...metrics(master)].map(([name, value]) => ({ name, value })) }),
  GET_LOGGING_LEVEL: (master) => ({ level: master.loggingLevel }),
  GET_STATE: state.describeState,
  GET_AGENTS: state.describeAgents,
  GET_FRAMEWORKS: state.describeFrameworks,
  GET_EXECUTORS: state.describeExecutors,
  GET_TASKS: state.describeTasks,
  GET_OPERATIONS: describeOperations,
  GET_ROLES: describeRoles,
  GET_MASTER: (master) => ({
    master_info: master.info,
    start_time: master.startTime,
    elected_time: master.startTime,
  }),
  GET_MAINTENANCE_STATUS: (master) => ({ status: master.maintenance.status }),
  GET_MAINTENANCE_SCHEDULE: (master) => ({ schedule: master.maintenance.schedule }),
  GET_QUOTA: (master) => ({ status: master.quotas.describe() }),
};

function perform(master: Master, type: string, call: Readonly<Record<string, unknown>>, reply: Reply): void {
  const read = reads[type];
  if (read !== undefined) {
    reply.json({ type, [type.toLowerCase()]: read(master) });
    return;
  }
  if (isWrite(type)) {
    write(master, type, call[type.toLowerCase()], reply);
    return;
  }
  switch (type) {
    case 'GET_WEIGHTS': {
      const infos = master.weights.all;
      reply.json({ type, ...(infos.length === 0 ? {} : { get_weights: { weight_infos: infos } }) });
      return;
    }
    case 'LIST_FILES':
    case 'READ_FILE':
      // A master without a log directory has no files (trace 01-operator-master-json/22-25).
      reply.text(404, '');
      return;
    case 'SUBSCRIBE':
      master.operators.subscribe(reply.stream());
      return;
    default:
      throw new Refusal(501, '501 Not Implemented.');
  }
}

function describeOperations(master: Master): object {
  const operations = master.operations.all.map(({ framework, agent, info, status, uuid }) => ({
    framework_id: { value: framework.id },
    agent_id: { value: agent.id },
    info,
    latest_status: status,
    statuses: [status],
    uuid: { value: uuid },
  }));
  return operations.length === 0 ? {} : { operations };
}

function describeRoles(master: Master): object {
  return {
    roles: rolesInUse(master).map((name) => {
      const members = [...master.frameworks.values()].filter(({ roles: names }) => names.includes(name));
      const amounts = new Map<string, number>();
      for (const framework of members) {
        for (const resource of [...state.allocatedTo(framework), ...state.offeredOf(framework.offers)]) {
          if (resource.scalar === undefined || resource.allocation_info?.role !== name) continue;
          amounts.set(resource.name, roundScalar((amounts.get(resource.name) ?? 0) + quantityOf(resource)));
        }
      }
      const resources = [...amounts]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([resource, value]) => ({ name: resource, type: 'SCALAR', scalar: { value } }));
      return {
        name,
        weight: master.weights.of(name),
        ...(members.length === 0 ? {} : { frameworks: members.map(({ id }) => ({ value: id })) }),
        ...(resources.length === 0 ? {} : { resources }),
      };
    }),
  };
}
