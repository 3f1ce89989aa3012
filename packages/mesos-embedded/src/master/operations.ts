import { randomUUID } from 'node:crypto';

import {
  addResources,
  applyOperation,
  containsResources,
  isDynamicallyReserved,
  isPersistentVolume,
  printResources,
  ResourcesError,
  subtractResources,
  unallocateResources,
  validateResource,
  type OfferOperation,
  type OperationStatus,
  type Resource,
} from '@kmd/mesos-client';

import type { Timer } from '../clock.js';
import { omit } from '../omit.js';
import { normalise } from '../resources.js';
import type { Agent } from './agent.js';
import type { Framework } from './framework.js';
import type { Master } from './master.js';
import { countOperation } from './metrics/counters.js';

/** An operation whose outcome its framework has not acknowledged. */
export interface Operation {
  readonly framework: Framework;
  readonly agent: Agent;
  readonly info: OfferOperation;
  readonly status: OperationStatus;
  readonly uuid: string;
  timer?: Timer | undefined;
}

/** The resources that an operation speaks of, in the newer form and without allocation. */
export function resourcesOf(operation: OfferOperation): Resource[] {
  switch (operation.type) {
    case 'RESERVE':
      return normalise(operation.reserve.resources ?? []);
    case 'UNRESERVE':
      return normalise(operation.unreserve.resources ?? []);
    case 'CREATE':
      return normalise(operation.create.volumes ?? []);
    case 'DESTROY':
      return normalise(operation.destroy.volumes ?? []);
    case 'GROW_VOLUME':
      return normalise([operation.grow_volume.volume, operation.grow_volume.addition]);
    case 'SHRINK_VOLUME':
      return normalise([operation.shrink_volume.volume]);
    default:
      return [];
  }
}

/** The same operation on resources in the newer form, each passed through `change`. */
export function rewriteOperation(operation: OfferOperation, change: (resource: Resource) => Resource): OfferOperation {
  const all = (list: readonly Resource[] | undefined): Resource[] => normalise(list ?? []).map(change);
  const one = (resource: Resource): Resource => all([resource])[0] ?? resource;
  switch (operation.type) {
    case 'RESERVE':
      return {
        ...operation,
        reserve: {
          resources: all(operation.reserve.resources),
          ...(operation.reserve.source === undefined ? {} : { source: all(operation.reserve.source) }),
        },
      };
    case 'UNRESERVE':
      return { ...operation, unreserve: { resources: all(operation.unreserve.resources) } };
    case 'CREATE':
      return { ...operation, create: { volumes: all(operation.create.volumes) } };
    case 'DESTROY':
      return { ...operation, destroy: { volumes: all(operation.destroy.volumes) } };
    case 'GROW_VOLUME': {
      const { volume, addition } = operation.grow_volume;
      return { ...operation, grow_volume: { volume: one(volume), addition: one(addition) } };
    }
    case 'SHRINK_VOLUME':
      return {
        ...operation,
        shrink_volume: { ...operation.shrink_volume, volume: one(operation.shrink_volume.volume) },
      };
    default:
      return operation;
  }
}

/** What is wrong with an operation, in Mesos' words (src/master/validation.cpp, operation::validate). */
export function validateOperation(operation: OfferOperation, agent: Agent, framework?: Framework): string | undefined {
  const resources = resourcesOf(operation);
  for (const resource of resources) {
    const error = validateResource(resource);
    if (error !== undefined) return `Invalid resources: Resource '${printResources([resource])}' is invalid: ${error}`;
  }
  switch (operation.type) {
    case 'RESERVE':
    case 'UNRESERVE':
      return validateReservation(operation, resources, framework);
    case 'CREATE': {
      const known = agent.total.flatMap(persistenceId);
      for (const volume of resources) {
        if (!isPersistentVolume(volume)) {
          return `Not a persistent volume: Resource ${printResources([volume])} does not have DiskInfo`;
        }
        const [id = ''] = persistenceId(volume);
        if (known.includes(id)) return `Persistence ID '${id.slice(id.indexOf('\0') + 1)}' is not unique`;
        known.push(id);
      }
      return undefined;
    }
    case 'DESTROY':
      for (const volume of resources) {
        if (!isPersistentVolume(volume)) {
          return `Not a persistent volume: Resource ${printResources([volume])} does not have DiskInfo`;
        }
        if (!containsResources(agent.total, [volume])) return 'Persistent volumes not found';
        if (containsResources(unallocateResources(agent.used), [volume])) return 'Persistent volumes in use';
      }
      return undefined;
    case 'GROW_VOLUME':
      return (operation.grow_volume.addition.scalar?.value ?? 0) > 0
        ? undefined
        : "The size of 'GrowVolume.addition' field must be greater than zero";
    case 'SHRINK_VOLUME': {
      const { volume, subtract } = operation.shrink_volume;
      if (subtract.value <= 0) return "Value of 'ShrinkVolume.subtract' must be greater than zero";
      return subtract.value < (volume.scalar?.value ?? 0)
        ? undefined
        : "Value of 'ShrinkVolume.subtract' must be smaller than the size of 'ShrinkVolume.volume'";
    }
    default:
      return undefined;
  }
}

function validateReservation(
  operation: OfferOperation,
  resources: readonly Resource[],
  framework: Framework | undefined,
): string | undefined {
  for (const resource of resources) {
    const printed = printResources([resource]);
    if (!isDynamicallyReserved(resource)) return `Resource ${printed} is not dynamically reserved`;
    const role = resource.reservations?.at(-1)?.role ?? '';
    if (operation.type === 'RESERVE' && framework !== undefined && !framework.roles.includes(role)) {
      return `A reserve operation was attempted for a resource with role '${role}', but the framework can only reserve resources with roles '{ ${framework.roles.join(', ')} }'`;
    }
    if (operation.type === 'UNRESERVE' && isPersistentVolume(resource)) {
      return `A dynamically reserved persistent volume ${printed} cannot be unreserved directly. Please destroy the persistent volume first then unreserve the resource`;
    }
  }
  return undefined;
}

/** Role and persistence id of a volume: unique on an agent. */
function persistenceId({ disk, reservations }: Resource): string[] {
  const id = disk?.persistence?.id;
  return id === undefined ? [] : [`${reservations?.at(-1)?.role ?? ''}\0${id}`];
}

/** What resources become; a text where they do not hold what the operation needs. */
export function tryApply(resources: readonly Resource[], operation: OfferOperation): Resource[] | string {
  try {
    return applyOperation(resources, operation);
  } catch (error) {
    if (error instanceof ResourcesError) return error.message;
    throw error;
  }
}

/**
 * An operator's operation, on what is free on an agent; offers are taken back as far as they hold what it needs. Returns what
 * hinders it.
 */
export function applyForOperator(master: Master, agent: Agent, operation: OfferOperation): string | undefined {
  const plain = rewriteOperation(operation, (resource) => resource);
  let required = neededBy(plain);
  let recovered: Resource[] = [];
  for (const offer of [...agent.offers]) {
    const rest = subtractResources(required, [...offer.resources]);
    if (printResources(rest) === printResources(required)) continue;
    required = rest;
    recovered = addResources(recovered, [...offer.resources]);
    master.allocator.refuse(offer, 5);
    master.offers.rescind(offer);
    if (typeof tryApply(recovered, plain) !== 'string') break;
  }
  const available = tryApply(agent.available, plain);
  if (typeof available === 'string') return available;
  const total = tryApply(agent.total, plain);
  if (typeof total === 'string') return total;
  changeTotal(master, agent, total);
  master.operations.count(operation.type, 'OPERATION_FINISHED');
  return undefined;
}

/** An operation made other resources of an agent's. They are divided with the next round of all. */
export function changeTotal(master: Master, agent: Agent, total: readonly Resource[]): void {
  agent.replaceTotal(total);
  agent.link?.send({ type: 'RESOURCES', resources: agent.total });
  master.allocator.totals.set(agent.id, agent.total);
  if (master.flags.eagerAllocation) master.allocator.allocateOn(agent.id);
}

/** What an operation takes, before it is what it makes. */
function neededBy(operation: OfferOperation): Resource[] {
  const resources = resourcesOf(operation);
  switch (operation.type) {
    case 'RESERVE':
      return operation.reserve.source !== undefined && operation.reserve.source.length > 0
        ? normalise(operation.reserve.source)
        : resources.map((resource) => dropLast(resource));
    case 'CREATE':
      return resources.map((volume) => omit(volume, 'disk', 'shared'));
    default:
      return resources;
  }
}

function dropLast(resource: Resource): Resource {
  const { reservations = [], ...rest } = resource;
  const left = reservations.slice(0, -1);
  return left.length === 0 ? rest : { ...rest, reservations: left };
}

/** Operations that wait for the acknowledgement of their frameworks, which are told again after 10, 20, 40 s … */
export class Operations {
  readonly #master: Master;
  /** By uuid, in Base64. */
  readonly #pending = new Map<string, Operation>();

  constructor(master: Master) {
    this.#master = master;
  }

  close(): void {
    for (const { timer } of this.#pending.values()) timer?.cancel();
    this.#pending.clear();
  }

  get all(): Operation[] {
    return [...this.#pending.values()];
  }

  /** Mesos' agents tell of every operation that has ended, its framework's or an operator's. */
  count(type: OfferOperation['type'], state: OperationStatus['state']): void {
    const { counters } = this.#master;
    countOperation(counters, type, state);
    if (state !== 'OPERATION_FINISHED') return;
    counters.add('messages_operation_status_update');
    counters.add('valid_operation_status_updates');
  }

  /** An operation that carries an id ended well: its framework learns of it until it says so. */
  finished(framework: Framework, agent: Agent, info: OfferOperation): void {
    this.count(info.type, 'OPERATION_FINISHED');
    if (info.id === undefined) return;
    const uuid = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64');
    const status: OperationStatus = {
      operation_id: info.id,
      state: 'OPERATION_FINISHED',
      uuid: { value: uuid },
      agent_id: { value: agent.id },
    };
    const operation: Operation = { framework, agent, info, status, uuid };
    this.#pending.set(uuid, operation);
    this.#tell(operation, 10_000);
  }

  failed(framework: Framework, info: OfferOperation, message: string): void {
    this.count(info.type, 'OPERATION_ERROR');
    if (info.id === undefined) return;
    send(framework, { operation_id: info.id, state: 'OPERATION_ERROR', message });
  }

  #tell(operation: Operation, wait: number): void {
    send(operation.framework, operation.status);
    operation.timer = this.#master.clock.after(wait, () => {
      this.#tell(operation, Math.min(wait * 2, 600_000));
    });
  }

  acknowledge(framework: Framework, uuid: string): void {
    const operation = this.#pending.get(uuid);
    const own = operation?.framework === framework;
    this.#master.counters.add(`${own ? 'valid' : 'invalid'}_operation_status_update_acknowledgements`);
    if (operation !== undefined && own) this.#drop(operation);
  }

  #drop({ timer, uuid }: Operation): void {
    timer?.cancel();
    this.#pending.delete(uuid);
  }

  forget(framework: Framework): void {
    for (const operation of this.all) if (operation.framework === framework) this.#drop(operation);
  }

  /** Answers RECONCILE_OPERATIONS: those that were named, or all. */
  reconcile(
    framework: Framework,
    asked: readonly { operation_id: { value: string }; agent_id?: { value: string } | undefined }[],
  ): void {
    const own = this.all.filter((operation) => operation.framework === framework);
    const known = (operation: Operation): void => {
      const { operation_id, state, agent_id } = operation.status;
      send(framework, { ...(operation_id === undefined ? {} : { operation_id }), state, message: 'Reconciliation: Latest operation state', ...(agent_id === undefined ? {} : { agent_id }) }); // prettier-ignore
    };
    if (asked.length === 0) own.forEach(known);
    for (const { operation_id, agent_id } of asked) {
      const operation = own.find(({ info }) => info.id?.value === operation_id.value);
      if (operation !== undefined) {
        known(operation);
        continue;
      }
      const [state, text] = this.#absent(agent_id?.value);
      send(framework, {
        operation_id,
        state,
        message: `Reconciliation: ${text}`,
        ...(agent_id === undefined ? {} : { agent_id }),
      });
    }
  }

  /** What is said of an operation that nobody knows (src/master/master.cpp, reconcileOperations). */
  #absent(agentId: string | undefined): [OperationStatus['state'], string] {
    if (agentId === undefined || this.#master.agents.has(agentId)) return ['OPERATION_UNKNOWN', 'Operation is unknown'];
    if (this.#master.unreachableAgents.has(agentId)) return ['OPERATION_UNREACHABLE', 'Agent is unreachable'];
    if (this.#master.goneAgents.has(agentId)) {
      return ['OPERATION_GONE_BY_OPERATOR', 'Agent marked gone by operator'];
    }
    return ['OPERATION_UNKNOWN', 'Both operation and agent are unknown'];
  }
}

function send(framework: Framework, status: OperationStatus): void {
  framework.send({ type: 'UPDATE_OPERATION_STATUS', update_operation_status: { status } });
}
