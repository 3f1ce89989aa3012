import type { OfferOperation, OperationStatus, SchedulerCall, TaskState, TaskStatus } from '@kmd/mesos-client';
import { isTerminal } from '@kmd/mesos-client';

/** Amounts that only grow, by name. */
export class Counters {
  readonly #counts = new Map<string, number>();

  add(name: string, by = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + by);
  }

  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** Every name that was counted. */
  get names(): Iterable<string> {
    return this.#counts.keys();
  }
}

/** What Mesos calls the messages of schedulers: names from before its HTTP API (src/master/metrics.hpp). */
const messages: Readonly<Partial<Record<SchedulerCall['type'], string>>> = {
  TEARDOWN: 'unregister_framework',
  DECLINE: 'decline_offers',
  REVIVE: 'revive_offers',
  SUPPRESS: 'suppress_offers',
  KILL: 'kill_task',
  ACKNOWLEDGE: 'status_update_acknowledgement',
  ACKNOWLEDGE_OPERATION_STATUS: 'operation_status_update_acknowledgement',
  RECONCILE: 'reconcile_tasks',
  RECONCILE_OPERATIONS: 'reconcile_operations',
  MESSAGE: 'framework_to_executor',
  REQUEST: 'resource_request',
};

/** Counts a call under its name of old; an ACCEPT counts by what it launches. */
export function countMessage(counters: Counters, call: SchedulerCall): void {
  const name = messages[call.type];
  if (name !== undefined) counters.add(`messages_${name}`);
  if (call.type !== 'ACCEPT') return;
  for (const operation of call.accept.operations ?? []) {
    if (operation.type !== 'LAUNCH') continue;
    const tasks = operation.launch.task_infos ?? [];
    counters.add(tasks.length > 0 ? 'messages_launch_tasks' : 'messages_decline_offers');
  }
}

/** Counts the state that a task ended in; the reason besides, where one was given. */
export function countEnd(counters: Counters, state: TaskState, { source, reason }: TaskStatus): void {
  if (!isTerminal(state)) return;
  counters.add(`tasks_${state.slice('TASK_'.length).toLowerCase()}`);
  if (source === undefined || reason === undefined) return;
  counters.add([state, source, reason].join('/').toLowerCase());
}

/** Counts an operation that has come to its end. */
export function countOperation(
  counters: Counters,
  type: OfferOperation['type'],
  state: OperationStatus['state'],
): void {
  const end = state.slice('OPERATION_'.length).toLowerCase();
  for (const prefix of ['operations', `operations/${type.toLowerCase()}`]) {
    counters.add(`${prefix}/total`);
    counters.add(`${prefix}/${end}`);
  }
}
