import type { Resource } from '@kmd/mesos-client';

import { Refusal } from '../http/negotiation.js';
import type { Reply } from '../http/reply.js';
import type { Handler, HttpRequest } from '../http/server.js';
import type { MachineID, Schedule } from './maintenance.js';
import type { Master } from './master.js';
import { isWrite, reallocate, write } from './operator-writes.js';
import { checkKinds } from '../message/kinds.js';
import { ConversionError, isObject } from '../message/shape.js';
import type { WeightInfo } from './weights.js';

/** The endpoints of before the v1 API that change something: forms and bare JSON (docs/endpoints/master). */
export function legacyWrites(master: Master): Map<string, Handler> {
  const call = (type: string, body: unknown, request: HttpRequest, reply: Reply): void => {
    perform(master, type, body, request, reply);
  };
  const form =
    (name: string, type: string, field: string): Handler =>
    (request, reply) => {
      if (!allows(request, reply, 'POST')) return;
      const values = new URLSearchParams(request.body.toString('utf8'));
      const agentId = values.get('slaveId');
      if (agentId === null) throw new Refusal(400, "Missing 'slaveId' query parameter in the request body");
      const text = values.get(name);
      if (text === null) throw new Refusal(400, `Missing '${name}' query parameter in the request body`);
      call(type, { agent_id: { value: agentId }, [field]: readJson(text, isResources) }, request, reply);
    };
  const machines =
    (type: string): Handler =>
    (request, reply) => {
      if (!allows(request, reply, 'POST')) return;
      call(type, { machines: readJson(request.body.toString('utf8'), isMachines) }, request, reply);
    };
  return new Map<string, Handler>([
    [
      '/teardown',
      (request, reply) => {
        if (!allows(request, reply, 'POST')) return;
        const id = new URLSearchParams(request.body.toString('utf8')).get('frameworkId');
        if (id === null) throw new Refusal(400, "Missing 'frameworkId' query parameter in the request body");
        call('TEARDOWN', { framework_id: { value: id } }, request, reply);
      },
    ],
    ['/reserve', form('resources', 'RESERVE_RESOURCES', 'resources')],
    ['/unreserve', form('resources', 'UNRESERVE_RESOURCES', 'resources')],
    ['/create-volumes', form('volumes', 'CREATE_VOLUMES', 'volumes')],
    ['/destroy-volumes', form('volumes', 'DESTROY_VOLUMES', 'volumes')],
    ['/machine/down', machines('START_MAINTENANCE')],
    ['/machine/up', machines('STOP_MAINTENANCE')],
    [
      '/maintenance/schedule',
      (request, reply) => {
        if (request.method === 'GET') reply.legacyJson(master.maintenance.schedule, request.query.get('jsonp'));
        else if (allows(request, reply, 'GET', 'POST')) {
          const schedule = readJson(request.body.toString('utf8'), isSchedule);
          call('UPDATE_MAINTENANCE_SCHEDULE', { schedule }, request, reply);
        }
      },
    ],
    [
      '/weights',
      (request, reply) => {
        if (request.method === 'GET') reply.legacyJson(master.weights.all, request.query.get('jsonp'));
        else if (allows(request, reply, 'GET', 'PUT')) {
          call('UPDATE_WEIGHTS', { weight_infos: readJson(request.body.toString('utf8'), isWeights) }, request, reply);
        }
      },
    ],
    [
      '/quota',
      (request, reply) => {
        quota(master, request, reply);
      },
    ],
  ]);
}

/** Performs the call of the v1 API that an endpoint of old stands for. */
function perform(master: Master, type: string, body: unknown, { protobuf }: HttpRequest, reply: Reply): void {
  if (!isWrite(type)) return;
  try {
    if (protobuf !== undefined) checkKinds(protobuf, 'MasterCall', { type, [type.toLowerCase()]: body });
  } catch (error) {
    if (error instanceof ConversionError) throw new Refusal(400, `Failed to convert JSON: ${error.message}`);
    throw error;
  }
  write(master, type, body, reply);
}

function quota(master: Master, request: HttpRequest, reply: Reply): void {
  if (request.method === 'GET') {
    reply.legacyJson(master.quotas.describe(), request.query.get('jsonp'));
  } else if (request.method === 'DELETE') {
    const role = request.path.slice('/quota/'.length);
    if (!master.quotas.remove(role)) {
      throw new Refusal(
        400,
        `Failed to remove quota for path '/master${request.path}': Role '${role}' has no quota set`,
      );
    }
    reallocate(master);
    master.keepRegistry();
    reply.empty(200);
  } else if (allows(request, reply, 'GET', 'POST', 'DELETE')) {
    perform(master, 'SET_QUOTA', { quota_request: readJson(request.body.toString('utf8'), isObject) }, request, reply);
  }
}

function allows(request: HttpRequest, reply: Reply, ...methods: readonly string[]): boolean {
  if (methods.includes(request.method)) return true;
  reply.methodNotAllowed(methods);
  return false;
}

function readJson<T>(text: string, is: (value: unknown) => value is T): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal(400, `Failed to parse JSON: syntax error at line 1 near: ${text.slice(0, 40)}`);
  }
  if (!is(value)) throw new Refusal(400, 'Failed to parse JSON: not what this endpoint expects');
  return value;
}

function isResources(value: unknown): value is Resource[] {
  return Array.isArray(value) && value.every((item) => isObject(item) && typeof item['name'] === 'string');
}

function isMachines(value: unknown): value is MachineID[] {
  return Array.isArray(value) && value.every(isObject);
}

function isWeights(value: unknown): value is WeightInfo[] {
  return Array.isArray(value) && value.every((item) => isObject(item) && typeof item['weight'] === 'number');
}

function isSchedule(value: unknown): value is Schedule {
  if (!isObject(value)) return false;
  const windows = value['windows'];
  return windows === undefined || (Array.isArray(windows) && windows.every((one) => isObject(one) && isObject(one['unavailability']))); // prettier-ignore
}
