import type { AgentID, Base64, ExecutorID, OfferID, TaskID } from '../types/ids.js';
import type { Filters, Offer, OfferOperation } from '../types/offer.js';
import type { ReconcileTask, SchedulerCallBody } from '../types/scheduler.js';
import type { KillPolicy, TaskInfo, TaskStatus } from '../types/task.js';

// Builders of calls: plain objects for `SchedulerClient.call`, which adds the framework id.

type Call<Type extends SchedulerCallBody['type']> = Extract<SchedulerCallBody, { type: Type }>;

/** Uses offers of one agent and role; what the operations leave over counts as declined. */
export function accept(body: {
  offerIds: readonly OfferID[];
  operations: readonly OfferOperation[];
  filters?: Filters | undefined;
}): Call<'ACCEPT'> {
  const { offerIds, operations, filters } = body;
  return {
    type: 'ACCEPT',
    accept: { offer_ids: [...offerIds], operations: [...operations], ...(filters && { filters }) },
  };
}

/** Gives offers back; not offered again for `filters.refuse_seconds`, 5 unless given. */
export function decline(
  offers: OfferID | Pick<Offer, 'id'> | readonly (OfferID | Pick<Offer, 'id'>)[],
  filters?: Filters,
): Call<'DECLINE'> {
  const ids = [offers].flat().map((offer) => ('id' in offer ? offer.id : offer));
  return { type: 'DECLINE', decline: { offer_ids: ids, ...(filters && { filters }) } };
}

/** An operation for `accept`: starts tasks. */
export function launch(tasks: readonly TaskInfo[]): Extract<OfferOperation, { type: 'LAUNCH' }> {
  return { type: 'LAUNCH', launch: { task_infos: [...tasks] } };
}

/** Kills a task; `agentId` lets the master answer for tasks it does not know. */
export function kill(taskId: TaskID, agentId?: AgentID, killPolicy?: KillPolicy): Call<'KILL'> {
  return { type: 'KILL', kill: { task_id: taskId, agent_id: agentId, kill_policy: killPolicy } };
}

/** Acknowledges an update; undefined for those without a uuid, which must not be acknowledged. */
export function acknowledge({ agent_id: agentId, task_id: taskId, uuid }: TaskStatus): Call<'ACKNOWLEDGE'> | undefined {
  if (uuid === undefined || agentId === undefined) return undefined;
  return { type: 'ACKNOWLEDGE', acknowledge: { agent_id: agentId, task_id: taskId, uuid } };
}

/** Asks for the latest state of tasks; without any, of all tasks that the master knows. */
export function reconcile(tasks: readonly ReconcileTask[] = []): Call<'RECONCILE'> {
  return { type: 'RECONCILE', reconcile: { tasks: [...tasks] } };
}

/** Asks for offers again: ends SUPPRESS and every filter, of these roles or of all. */
export function revive(roles?: readonly string[]): Call<'REVIVE'> {
  return roles ? { type: 'REVIVE', revive: { roles: [...roles] } } : { type: 'REVIVE' };
}

/** Asks for no more offers, for these roles or all. */
export function suppress(roles?: readonly string[]): Call<'SUPPRESS'> {
  return roles ? { type: 'SUPPRESS', suppress: { roles: [...roles] } } : { type: 'SUPPRESS' };
}

/** Sends bytes to an executor, at most once. A string is taken as UTF-8 text. */
export function message(agentId: AgentID, executorId: ExecutorID, data: Uint8Array | string): Call<'MESSAGE'> {
  return { type: 'MESSAGE', message: { agent_id: agentId, executor_id: executorId, data: toBase64(data) } };
}

/** Asks an executor to end, with all its tasks. */
export function shutdown(executorId: ExecutorID, agentId: AgentID): Call<'SHUTDOWN'> {
  return { type: 'SHUTDOWN', shutdown: { executor_id: executorId, agent_id: agentId } };
}

/** Ends the framework with all its tasks and executors. */
export function teardown(): Call<'TEARDOWN'> {
  return { type: 'TEARDOWN' };
}

/** Bytes, or UTF-8 text, as messages carry them. */
export function toBase64(data: Uint8Array | string): Base64 {
  return Buffer.from(data).toString('base64');
}

/** The bytes of a message. */
export function fromBase64(data: Base64): Buffer {
  return Buffer.from(data, 'base64');
}
