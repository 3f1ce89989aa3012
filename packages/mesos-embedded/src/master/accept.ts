import type { ExecutorInfo, OfferOperation, Resource, Task, TaskInfo, TaskStatus } from '@kmd/mesos-client';
import { addResources, subtractResources } from '@kmd/mesos-client';

import { allocate, normalise } from '../resources.js';
import type { Agent, OfferRecord } from './agent.js';
import { commandExecutor, completeHealthCheck } from './command-tasks.js';
import { changeTotal, rewriteOperation, tryApply, validateOperation } from './operations.js';
import type { Framework } from './framework.js';
import type { Master } from './master.js';
import { countEnd } from './metrics/counters.js';
import { validateGroup, validateTask } from './task-validation.js';
import * as updates from './task-updates.js';

/** Seconds that unused resources are kept from a framework unless it says otherwise; and the most it may say. */
const defaultRefusal = 5;
const longestRefusal = 365 * 24 * 60 * 60;

interface Accept {
  offer_ids?: { value: string }[] | undefined;
  operations?: OfferOperation[] | undefined;
  filters?: { refuse_seconds?: number | undefined } | undefined;
}

/**
 * Uses offers: runs the operations in their order on the offered resources, and gives back what is left. What is wrong with an
 * offer or a task is told by status updates; the call itself was accepted already.
 */
export function accept(master: Master, framework: Framework, call: Accept): void {
  const ids = (call.offer_ids ?? []).map((id) => id.value);
  const operations = call.operations ?? [];
  const error = validateOffers(master, framework, ids);
  const records = [...new Set(ids)].flatMap((id) => {
    const record = master.offers.get(id);
    return record?.framework === framework ? [record] : [];
  });
  const first = records[0];
  if (error !== undefined || first === undefined) {
    for (const record of records) decline(master, record, call.filters);
    refuseTasks(master, framework, operations, error ?? 'No offers specified');
    return;
  }
  let left: Resource[] = [];
  for (const record of records) {
    left = addResources(left, [...record.resources]);
    master.offers.take(record);
    framework.counters.add('offers/accepted');
  }
  const use = new OfferUse(master, framework, first.agent, first.role, left);
  for (const operation of operations) {
    framework.counters.add(`operations/${operation.type.toLowerCase()}`);
    use.run(operation);
  }
  use.finish(refusal(call.filters));
}

/** Refuses an offer. */
export function decline(master: Master, record: OfferRecord, filters: Accept['filters']): void {
  master.allocator.refuse(record, refusal(filters));
  master.offers.discard(record);
}

/** A negative refusal is the default, a long one is cut (traces 20-errors-scheduler/88-89; master's Filters handling). */
export function refusal(filters: Accept['filters']): number {
  const seconds = filters?.refuse_seconds ?? defaultRefusal;
  return seconds < 0 ? defaultRefusal : Math.min(seconds, longestRefusal);
}

function validateOffers(master: Master, framework: Framework, ids: readonly string[]): string | undefined {
  if (ids.length === 0) return 'No offers specified';
  const seen = new Set<string>();
  for (const id of ids) {
    if (seen.has(id)) return `Duplicate offer ${id} in offer list`;
    seen.add(id);
  }
  let first: OfferRecord | undefined;
  for (const id of ids) {
    const record = master.offers.get(id);
    if (record === undefined) return `Offer ${id} is no longer valid`;
    if (record.framework !== framework) {
      return `Offer ${id} has invalid framework ${record.framework.id} while framework ${framework.id} is expected`;
    }
    first ??= record;
    if (record.role !== first.role) {
      return `Aggregated offers must be allocated to the same role. Offer ${id} uses role '${record.role} but another is using role '${first.role}`;
    }
    if (record.agent !== first.agent) {
      return `Aggregated offers must belong to one single agent. Offer ${id} uses agent ${record.agent.id} and agent ${first.agent.id}`;
    }
  }
  return undefined;
}

function tasksOf(operation: OfferOperation): readonly TaskInfo[] {
  if (operation.type === 'LAUNCH') return operation.launch.task_infos ?? [];
  return operation.type === 'LAUNCH_GROUP' ? (operation.launch_group.task_group.tasks ?? []) : [];
}

function refuseTasks(master: Master, framework: Framework, operations: readonly OfferOperation[], error: string): void {
  for (const task of operations.flatMap(tasksOf)) {
    refuse(master, framework, task, {
      state: framework.partitionAware ? 'TASK_DROPPED' : 'TASK_LOST',
      message: `Task launched with invalid offers: ${error}`,
      reason: 'REASON_INVALID_OFFERS',
    });
  }
}

function refuse(
  master: Master,
  framework: Framework,
  task: TaskInfo,
  why: Pick<TaskStatus, 'state' | 'message' | 'reason'>,
): void {
  const { state, message, reason } = why;
  const status = master.status(task.task_id.value, state, { message, reason, agent_id: task.agent_id });
  countEnd(master.counters, state, status);
  countEnd(framework.counters, state, status);
  framework.send({ type: 'UPDATE', update: { status } });
}

/** The operations of one ACCEPT, on what is left of its offers. */
class OfferUse {
  readonly #master: Master;
  readonly #framework: Framework;
  readonly #agent: Agent;
  readonly #role: string;
  /** In the newer form, without allocation. */
  #left: Resource[];
  /** Whether something was launched or converted. */
  #used = false;

  constructor(master: Master, framework: Framework, agent: Agent, role: string, left: Resource[]) {
    this.#master = master;
    this.#framework = framework;
    this.#agent = agent;
    this.#role = role;
    this.#left = left;
  }

  run(operation: OfferOperation): void {
    switch (operation.type) {
      case 'LAUNCH':
        for (const task of operation.launch.task_infos ?? []) this.#launch(this.#complete(task), operation.id?.value);
        return;
      case 'LAUNCH_GROUP':
        this.#launchGroup(operation.launch_group.executor, operation.launch_group.task_group.tasks ?? []);
        return;
      default:
        this.#operate(operation);
    }
  }

  /** Gives back what no operation used. */
  finish(seconds: number): void {
    const [framework, agent, role, resources] = [this.#framework, this.#agent, this.#role, this.#left];
    this.#master.allocator.refuse({ framework, agent, role, resources, used: this.#used }, seconds);
    this.#master.allocator.recover(framework, agent, role, resources);
  }

  #launch(task: TaskInfo, operationId: string | undefined): void {
    const framework = this.#framework;
    const agent = this.#agent;
    const error =
      operationId === undefined
        ? validateTask(task, framework, agent, allocate(this.#left, this.#role))
        : "The 'id' field was set in an offer operation, but operation feedback is not supported for LAUNCH";
    if (error !== undefined) {
      refuse(this.#master, framework, task, {
        state: 'TASK_ERROR',
        message: error,
        reason: 'REASON_TASK_INVALID',
      });
      return;
    }
    const executor = task.executor;
    if (executor !== undefined) this.#addExecutor(executor);
    this.#addTask(task, executor);
    agent.link?.send({
      type: 'LAUNCH',
      framework: framework.info,
      executor: executor ?? commandExecutor(task, framework),
      command: executor === undefined,
      task,
    });
  }

  #launchGroup(given: ExecutorInfo, tasks: readonly TaskInfo[]): void {
    const executor = this.#completeExecutor({ type: 'DEFAULT', ...given });
    const completed = tasks.map((task) => this.#complete({ ...task, executor }));
    const error = validateGroup(executor, completed, this.#framework, this.#agent, allocate(this.#left, this.#role));
    if (error !== undefined) {
      for (const task of completed) {
        refuse(this.#master, this.#framework, task, {
          state: 'TASK_ERROR',
          message: error,
          reason: 'REASON_TASK_GROUP_INVALID',
        });
      }
      return;
    }
    this.#addExecutor(executor);
    for (const task of completed) this.#addTask(task, executor);
    this.#agent.link?.send({
      type: 'LAUNCH_GROUP',
      framework: this.#framework.info,
      executor,
      group: { tasks: completed },
    });
  }

  /** Fills in what a task leaves to the master: the allocation of its resources, the framework of its executor. */
  #complete(task: TaskInfo): TaskInfo {
    return {
      ...task,
      resources: this.#withAllocation(task.resources),
      ...(task.executor === undefined ? {} : { executor: this.#completeExecutor(task.executor) }),
      ...(task.command === undefined ? {} : { command: { shell: true, ...task.command } }),
      ...(task.health_check === undefined ? {} : { health_check: completeHealthCheck(task.health_check) }),
    };
  }

  #completeExecutor(executor: ExecutorInfo): ExecutorInfo {
    return {
      type: 'CUSTOM',
      framework_id: { value: this.#framework.id },
      ...executor,
      resources: this.#withAllocation(executor.resources),
      ...(executor.command === undefined ? {} : { command: { shell: true, ...executor.command } }),
    };
  }

  #withAllocation(resources: readonly Resource[] | undefined): Resource[] {
    return (resources ?? []).map((resource) => {
      const allocation_info = resource.allocation_info ?? { role: this.#role };
      const [normal = resource] = normalise([resource]);
      return { ...normal, allocation_info };
    });
  }

  #addExecutor(executor: ExecutorInfo): void {
    if (this.#framework.executor(this.#agent.id, executor.executor_id.value) !== undefined) return;
    this.#framework.addExecutor(this.#agent.id, executor);
    this.#agent.use(executor.resources ?? []);
    this.#take(executor.resources);
  }

  #addTask(task: TaskInfo, executor: ExecutorInfo | undefined): void {
    const { name, task_id, agent_id, resources, labels, discovery, container, health_check, kill_policy, limits } =
      task;
    const optional = { labels, discovery, container, health_check, kill_policy, limits };
    const record: Task = {
      name,
      task_id,
      framework_id: { value: this.#framework.id },
      ...(executor === undefined ? {} : { executor_id: executor.executor_id }),
      agent_id,
      state: 'TASK_STAGING',
      resources,
      statuses: [],
    };
    for (const [key, value] of Object.entries(optional))
      if (value !== undefined) Object.assign(record, { [key]: value });
    updates.add(this.#master, this.#framework, this.#agent, record);
    this.#take(resources);
    this.#used = true;
  }

  #take(resources: readonly Resource[] | undefined): void {
    this.#left = subtractResources(this.#left, normalise(resources ?? []));
  }

  /** Changes what is left of the offers, and the agent with it; a failure is told where the operation has an id. */
  #operate(operation: OfferOperation): void {
    const fail = (why: string): void => {
      this.#master.log.warn({ framework: this.#framework.id, operation: operation.type, why }, 'operation refused');
      this.#master.operations.failed(this.#framework, operation, why);
    };
    if (operation.type === 'CREATE_DISK' || operation.type === 'DESTROY_DISK') {
      fail(`${operation.type} needs a storage resource provider, which the embedded Mesos has not`);
      return;
    }
    const plain = rewriteOperation(operation, (resource) => resource);
    const invalid = validateOperation(plain, this.#agent, this.#framework);
    if (invalid !== undefined) {
      fail(invalid);
      return;
    }
    const allocated = rewriteOperation(operation, (resource) => ({
      ...resource,
      allocation_info: { role: this.#role },
    }));
    const left = tryApply(allocate(this.#left, this.#role), allocated);
    const total = tryApply(this.#agent.total, plain);
    if (typeof left === 'string' || typeof total === 'string') {
      fail(typeof left === 'string' ? left : String(total));
      return;
    }
    this.#convert(normalise(left));
    changeTotal(this.#master, this.#agent, total);
    this.#used = true;
    this.#master.operations.finished(this.#framework, this.#agent, operation);
  }

  /** What is left is something else now: what the framework holds is too. */
  #convert(left: Resource[]): void {
    this.#agent.release(this.#left);
    this.#framework.holdings.remove(this.#role, this.#left);
    this.#agent.take(left);
    this.#framework.holdings.add(this.#role, left);
    this.#left = left;
  }
}
