import { randomUUID } from 'node:crypto';

import type { SchedulerCall } from '@kmd/mesos-client';

import { negotiate, Refusal, readCall } from '../http/negotiation.js';
import type { Reply } from '../http/reply.js';
import type { Handler, HttpRequest } from '../http/server.js';
import { schedulerCall } from '../message/messages.js';
import { accept, decline, refusal } from './accept.js';
import type { Kill } from './agent.js';
import type { Framework } from './framework.js';
import { rolesOf, validateFrameworkInfo, validateFrameworkUpdate } from './framework-info.js';
import type { Master } from './master.js';
import { countMessage } from './metrics/counters.js';
import { OfferConstraintsFilter, validateOfferConstraints } from './offer-constraints.js';
import { reconcile } from './reconciliation.js';
import * as subscriptions from './subscriptions.js';
import * as updates from './task-updates.js';

const messages = { response: 'SchedulerResponse', event: 'SchedulerEvent' };

/** `POST /api/v1/scheduler`: the checks of a call in Mesos' order, then what it asks for (src/master/http.cpp). */
export function schedulerEndpoint(master: Master): Handler {
  return (request, reply) => {
    if (request.method !== 'POST') {
      reply.methodNotAllowed(['POST']);
      return;
    }
    try {
      handle(master, request, reply);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      reply.text(error.status, error.message);
    }
  };
}

function handle(master: Master, request: HttpRequest, reply: Reply): void {
  const call = validateCall(readCall(request, schedulerCall, 'SchedulerCall'));
  const streamId = request.headers['mesos-stream-id'];
  const { principal } = request;
  if (call.type === 'SUBSCRIBE') {
    const claimed = call.subscribe.framework_info.principal;
    if (principal !== undefined && claimed !== undefined && claimed !== principal) {
      throw new Refusal(
        400,
        `Failed to validate scheduler::Call: Authenticated principal '${principal}' does not match principal '${claimed}' set in \`FrameworkInfo\``,
      );
    }
    negotiate(request, reply, messages);
    if (streamId !== undefined) {
      throw new Refusal(400, "Subscribe calls should not include the 'Mesos-Stream-Id' header");
    }
    subscribe(master, call, reply);
    return;
  }
  if (call.type === 'RECONCILE_OPERATIONS') negotiate(request, reply, messages);
  const framework = master.frameworks.get(call.framework_id?.value ?? '');
  if (framework === undefined) throw new Refusal(400, 'Framework cannot be found');
  if (principal !== undefined && principal !== (framework.info.principal ?? principal)) {
    throw new Refusal(
      400,
      `Authenticated principal '${principal}' does not match principal '${framework.info.principal ?? ''}' set in \`FrameworkInfo\``,
    );
  }
  if (!framework.connected) throw new Refusal(403, 'Framework is not subscribed');
  if (streamId === undefined) {
    throw new Refusal(400, "All non-subscribe calls should include the 'Mesos-Stream-Id' header");
  }
  if (streamId !== framework.streamId) {
    throw new Refusal(
      400,
      `The stream ID '${String(streamId)}' included in this request didn't match the stream ID currently associated with framework ID ${framework.id}`,
    );
  }
  framework.counters.add(`calls/${call.type.toLowerCase()}`);
  countMessage(master.counters, call);
  perform(master, framework, call, reply);
}

/** Calls whose message may be left out. */
const bare: ReadonlySet<string> = new Set(['TEARDOWN', 'REVIVE', 'SUPPRESS', 'UNKNOWN']);

function validateCall(call: Readonly<Record<string, unknown>>): SchedulerCall {
  const invalid = (text: string): Refusal => new Refusal(400, `Failed to validate scheduler::Call: ${text}`);
  const type = call['type'];
  if (typeof type !== 'string') throw invalid("Expecting 'type' to be present");
  const field = type.toLowerCase();
  if (type !== 'SUBSCRIBE' && call['framework_id'] === undefined) {
    throw invalid("Expecting 'framework_id' to be present");
  }
  if (!bare.has(type) && call[field] === undefined) throw invalid(`Expecting '${field}' to be present`);
  if (type === 'UNKNOWN') throw new Refusal(501, '501 Not Implemented.');
  // The shape has been checked by `convert`; what it does not name is optional and passed on as it came.
  const typed = call as unknown as SchedulerCall;
  if (typed.type === 'SUBSCRIBE') {
    const inside = typed.subscribe.framework_info.id?.value;
    if (inside !== typed.framework_id?.value) {
      throw invalid("'framework_id' differs from 'subscribe.framework_info.id'");
    }
  }
  if (typed.type === 'ACKNOWLEDGE' && Buffer.from(typed.acknowledge.uuid, 'base64').length !== 16) {
    throw invalid('Not a valid UUID');
  }
  return typed;
}

function subscribe(master: Master, call: SchedulerCall & { type: 'SUBSCRIBE' }, reply: Reply): void {
  const { framework_info: info, suppressed_roles: suppressed = [], offer_constraints: constraints } = call.subscribe;
  const streamId = randomUUID();
  const stream = reply.stream([['Mesos-Stream-Id', streamId]]);
  const removed = info.id !== undefined && master.completedFrameworks.has(info.id.value);
  const error =
    validateFrameworkInfo(info, suppressed) ??
    validateOfferConstraints(constraints, rolesOf(info)) ??
    (removed ? 'Framework has been removed' : undefined);
  if (error !== undefined) {
    stream.send({ type: 'ERROR', error: { message: error } });
    stream.end();
    return;
  }
  subscriptions.subscribe(master, { info, suppressed, constraints, stream, streamId });
}

function perform(
  master: Master,
  framework: Framework,
  call: Exclude<SchedulerCall, { type: 'SUBSCRIBE' }>,
  reply: Reply,
): void {
  if (call.type === 'UPDATE_FRAMEWORK') {
    updateFramework(master, framework, call.update_framework);
    reply.empty(200);
    return;
  }
  reply.empty(202);
  switch (call.type) {
    case 'TEARDOWN':
      subscriptions.removeFramework(master, framework);
      return;
    case 'ACCEPT':
      accept(master, framework, call.accept);
      return;
    case 'DECLINE':
      for (const { value } of call.decline.offer_ids ?? []) {
        const record = master.offers.get(value);
        if (record?.framework !== framework) continue;
        decline(master, record, call.decline.filters);
        framework.counters.add('offers/declined');
      }
      return;
    case 'REVIVE':
      revive(master, framework, call.revive?.roles ?? []);
      return;
    case 'SUPPRESS':
      for (const role of concerned(framework, call.suppress?.roles ?? [])) framework.suppressed.add(role);
      return;
    case 'KILL':
      kill(master, framework, call.kill);
      return;
    case 'SHUTDOWN':
      master.agents.get(call.shutdown.agent_id.value)?.link?.send({
        type: 'SHUTDOWN_EXECUTOR',
        frameworkId: { value: framework.id },
        executorId: call.shutdown.executor_id,
      });
      return;
    case 'ACKNOWLEDGE':
      acknowledge(master, framework, call.acknowledge);
      return;
    case 'RECONCILE':
      reconcile(master, framework, call.reconcile.tasks ?? []);
      return;
    case 'MESSAGE':
      message(master, framework, call.message);
      return;
    case 'RECONCILE_OPERATIONS':
      master.operations.reconcile(framework, call.reconcile_operations.operations ?? []);
      return;
    case 'ACKNOWLEDGE_OPERATION_STATUS':
      master.operations.acknowledge(framework, call.acknowledge_operation_status.uuid);
      return;
    case 'ACCEPT_INVERSE_OFFERS': {
      const { inverse_offer_ids: ids = [], filters } = call.accept_inverse_offers;
      master.maintenance.answer(framework, ids, 'ACCEPT', refusal(filters));
      return;
    }
    case 'DECLINE_INVERSE_OFFERS': {
      const { inverse_offer_ids: ids = [], filters } = call.decline_inverse_offers;
      master.maintenance.answer(framework, ids, 'DECLINE', refusal(filters));
      return;
    }
    case 'REQUEST':
      // The default allocator ignores requests.
      return;
  }
}

function message(master: Master, framework: Framework, call: (SchedulerCall & { type: 'MESSAGE' })['message']): void {
  const link = master.agents.get(call.agent_id.value)?.link;
  master.counters.add(`${link === undefined ? 'invalid' : 'valid'}_framework_to_executor_messages`);
  const { executor_id: executorId, data } = call;
  link?.send({ type: 'MESSAGE', frameworkId: { value: framework.id }, executorId, data });
}

function concerned(framework: Framework, named: readonly string[]): ReadonlySet<string> {
  return new Set(named.length === 0 ? framework.roles : named.filter((role) => framework.roles.includes(role)));
}

function revive(master: Master, framework: Framework, named: readonly string[]): void {
  const roles = concerned(framework, named);
  for (const role of roles) framework.suppressed.delete(role);
  master.allocator.filters.clear(framework.id, roles);
  master.allocator.allocateAll();
}

function kill(master: Master, framework: Framework, call: (SchedulerCall & { type: 'KILL' })['kill']): void {
  const task = framework.tasks.get(call.task_id.value);
  if (task === undefined) {
    reconcile(master, framework, [call]);
    return;
  }
  const agent = master.agents.get(task.agent_id.value);
  const message: Kill = {
    type: 'KILL',
    frameworkId: { value: framework.id },
    taskId: task.task_id,
    killPolicy: call.kill_policy,
  };
  // Without a connection the agent is told when it is back (src/master/master.cpp, killedTasks).
  if (agent?.link === undefined) agent?.kills.push(message);
  else agent.link.send(message);
}

function acknowledge(
  master: Master,
  framework: Framework,
  call: (SchedulerCall & { type: 'ACKNOWLEDGE' })['acknowledge'],
): void {
  if (master.lostAcknowledgements > 0) {
    master.lostAcknowledgements -= 1;
    return;
  }
  const agent = master.agents.get(call.agent_id.value);
  const known = agent?.link !== undefined && framework.tasks.has(call.task_id.value);
  master.counters.add(`${known ? 'valid' : 'invalid'}_status_update_acknowledgements`);
  updates.acknowledge(master, framework, call.task_id.value, call.uuid);
  agent?.link?.send({
    type: 'ACKNOWLEDGE',
    frameworkId: { value: framework.id },
    taskId: call.task_id,
    uuid: call.uuid,
  });
}

function updateFramework(
  master: Master,
  framework: Framework,
  call: (SchedulerCall & { type: 'UPDATE_FRAMEWORK' })['update_framework'],
): void {
  const { framework_info: info, suppressed_roles: suppressed = [], offer_constraints: constraints } = call;
  const error = validateFrameworkInfo(info, suppressed);
  if (error !== undefined) throw new Refusal(400, `Supplied FrameworkInfo is not valid: ${error}`);
  const change = validateFrameworkUpdate(framework.info, info);
  if (change !== undefined) throw new Refusal(400, `FrameworkInfo update is not valid: ${change}`);
  const wrong = validateOfferConstraints(constraints, rolesOf(info));
  if (wrong !== undefined) throw new Refusal(400, wrong);
  framework.update(info);
  framework.suppress(suppressed);
  framework.constraints = new OfferConstraintsFilter(constraints);
  master.offers.rescindAll([...framework.offers].filter(({ role }) => !framework.roles.includes(role)));
  master.operators.frameworkChanged(framework);
  if (master.flags.eagerAllocation) master.allocator.allocateAll();
}
