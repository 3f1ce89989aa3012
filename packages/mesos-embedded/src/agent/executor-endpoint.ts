import type { ExecutorCall } from '@kmd/mesos-client';

import { negotiate, Refusal, readCall } from '../http/negotiation.js';
import type { Reply } from '../http/reply.js';
import type { Handler, HttpRequest } from '../http/server.js';
import { executorCall } from '../message/messages.js';
import type { Agent } from './agent.js';
import { messageFromExecutor, subscribe, updateFromExecutor } from './executor-session.js';

const messages = { response: '', event: 'ExecutorEvent' };

/** `POST /api/v1/executor`, with the checks and texts of src/slave/http.cpp (traces 22-errors-agent and 30-executor-basic). */
export function executorEndpoint(agent: Agent): Handler {
  return (request, reply) => {
    if (request.method !== 'POST') {
      reply.methodNotAllowed(['POST']);
      return;
    }
    try {
      handle(agent, request, reply);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      reply.text(error.status, error.message);
    }
  };
}

function handle(agent: Agent, request: HttpRequest, reply: Reply): void {
  const call = validateCall(readCall(request, executorCall, 'ExecutorCall'));
  if (call.type === 'SUBSCRIBE') negotiate(request, reply, messages);
  if (call.type === 'HEARTBEAT') {
    reply.empty(202);
    return;
  }
  const framework = agent.frameworks.get(call.framework_id.value);
  if (framework === undefined) throw new Refusal(400, 'Framework cannot be found');
  const executor = framework.executors.get(call.executor_id.value);
  if (executor?.kind !== 'custom') throw new Refusal(400, 'Executor cannot be found');
  if (call.type !== 'SUBSCRIBE' && executor.state === 'REGISTERING') {
    throw new Refusal(403, 'Executor is not subscribed');
  }
  switch (call.type) {
    case 'SUBSCRIBE':
      subscribe(agent, executor, reply.stream(), {
        tasks: call.subscribe.unacknowledged_tasks ?? [],
        updates: (call.subscribe.unacknowledged_updates ?? []).map(({ status }) => status),
      });
      return;
    case 'UPDATE':
      updateFromExecutor(agent, executor, call.update.status);
      break;
    case 'MESSAGE':
      messageFromExecutor(agent, executor, call.message.data);
      break;
  }
  reply.empty(202);
}

function validateCall(call: Readonly<Record<string, unknown>>): ExecutorCall {
  const invalid = (text: string): Refusal => new Refusal(400, `Failed to validate Executor::Call: ${text}`);
  const type = call['type'];
  if (typeof type !== 'string') throw invalid("Expecting 'type' to be present");
  if (type === 'UNKNOWN') throw new Refusal(501, '501 Not Implemented.');
  const field = type.toLowerCase();
  if (type !== 'HEARTBEAT' && call[field] === undefined) throw invalid(`Expecting '${field}' to be present`);
  // The shape has been checked by `convert`.
  const typed = call as unknown as ExecutorCall;
  if (typed.type === 'UPDATE') {
    const error = validateUpdate(typed);
    if (error !== undefined) throw invalid(error);
  }
  return typed;
}

function validateUpdate(call: ExecutorCall & { type: 'UPDATE' }): string | undefined {
  const { status } = call.update;
  const sender = `executor ${call.executor_id.value} of framework ${call.framework_id.value}`;
  if (status.uuid === undefined) return "Expecting 'uuid' to be present";
  if (Buffer.from(status.uuid, 'base64').length !== 16) return 'Not a valid UUID';
  if (status.executor_id !== undefined && status.executor_id.value !== call.executor_id.value) {
    return `ExecutorID in Call: ${call.executor_id.value} does not match ExecutorID in TaskStatus: ${status.executor_id.value}`;
  }
  if (status.source !== 'SOURCE_EXECUTOR') {
    return `Received Call from ${sender} with invalid source, expecting 'SOURCE_EXECUTOR'`;
  }
  return status.state === 'TASK_STAGING' ? `Received TASK_STAGING from ${sender} which is not allowed` : undefined;
}
