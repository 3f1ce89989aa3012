import type { ExecutorInfo, FrameworkInfo, SchedulerEvent, Task } from '@kmd/mesos-client';

import type { Timer } from '../clock.js';
import type { EventStream } from '../http/event-stream.js';
import { omit } from '../omit.js';
import type { OfferRecord } from './agent.js';
import { hasCapability, rolesOf } from './framework-info.js';
import { Counters } from './metrics/counters.js';
import { Holdings } from './allocation/holdings.js';
import { OfferConstraintsFilter } from './offer-constraints.js';

/** How many completed and unreachable tasks are remembered of a framework (--max_completed_tasks_per_framework). */
const rememberedTasks = 1000;

/** A framework as the master knows it. */
export class Framework {
  readonly id: string;
  info: FrameworkInfo;
  /** Known from its agents only: it has not subscribed since this master took over. */
  recovered = false;
  /** The open subscription, and its id. */
  stream: EventStream | undefined;
  streamId: string | undefined;
  readonly suppressed = new Set<string>();
  constraints = new OfferConstraintsFilter();
  readonly tasks = new Map<string, Task>();
  readonly unreachableTasks = new Map<string, Task>();
  readonly completedTasks: Task[] = [];
  /** By agent id, then executor id. */
  readonly executors = new Map<string, Map<string, ExecutorInfo>>();
  readonly offers = new Set<OfferRecord>();
  /** What is allocated or offered, by role. */
  readonly holdings = new Holdings();
  /** Seconds since the epoch. */
  readonly registeredTime: number;
  reregisteredTime: number;
  unregisteredTime = 0;
  /** Runs while the framework is disconnected. */
  failoverTimer: Timer | undefined;
  heartbeatTimer: Timer | undefined;
  /** Calls, events, offers, operations, ended tasks; for metrics. */
  readonly counters = new Counters();

  constructor(info: FrameworkInfo, id: string, now: number) {
    this.id = id;
    this.info = { ...withoutEmptyRoles(info), id: { value: id } };
    this.registeredTime = now;
    this.reregisteredTime = now;
  }

  get connected(): boolean {
    return this.stream !== undefined;
  }

  get roles(): readonly string[] {
    return rolesOf(this.info);
  }

  /** The framework understands TASK_UNREACHABLE, TASK_DROPPED, TASK_GONE … in place of TASK_LOST. */
  get partitionAware(): boolean {
    return hasCapability(this.info, 'PARTITION_AWARE');
  }

  send(event: SchedulerEvent): void {
    if (this.stream === undefined) return;
    this.counters.add(`events/${event.type.toLowerCase()}`);
    this.stream.send(event);
  }

  /** Of these roles, and of no others, the framework wants no offers. */
  suppress(roles: readonly string[]): void {
    this.suppressed.clear();
    for (const role of roles) this.suppressed.add(role);
  }

  /** Replaces what the framework says of itself; user, checkpoint and principal stay as they were (trace 14). */
  update(info: FrameworkInfo): void {
    const { user, checkpoint, principal } = this.info;
    this.info = { ...withoutEmptyRoles(info), id: { value: this.id }, user, checkpoint, principal };
    if (checkpoint === undefined) delete this.info.checkpoint;
    if (principal === undefined) delete this.info.principal;
  }

  remember(task: Task): void {
    this.completedTasks.push(task);
    if (this.completedTasks.length > rememberedTasks) this.completedTasks.shift();
  }

  rememberUnreachable(task: Task): void {
    this.unreachableTasks.set(task.task_id.value, task);
    for (const oldest of this.unreachableTasks.keys()) {
      if (this.unreachableTasks.size <= rememberedTasks) break;
      this.unreachableTasks.delete(oldest);
    }
  }

  executor(agentId: string, executorId: string): ExecutorInfo | undefined {
    return this.executors.get(agentId)?.get(executorId);
  }

  addExecutor(agentId: string, info: ExecutorInfo): void {
    let executors = this.executors.get(agentId);
    if (executors === undefined) this.executors.set(agentId, (executors = new Map()));
    executors.set(info.executor_id.value, info);
  }

  removeExecutor(agentId: string, executorId: string): ExecutorInfo | undefined {
    const executors = this.executors.get(agentId);
    const info = executors?.get(executorId);
    executors?.delete(executorId);
    if (executors?.size === 0) this.executors.delete(agentId);
    return info;
  }
}

/** A list without members is no different from none, in protobuf (trace 21-errors-operator/20). */
function withoutEmptyRoles(info: FrameworkInfo): FrameworkInfo {
  return info.roles?.length === 0 ? omit(info, 'roles') : info;
}
