import type { CommandInfo, Resource } from '@kmd/mesos-client';

import { negotiate, Refusal, readCall } from '../http/negotiation.js';
import type { Reply } from '../http/reply.js';
import type { Handler, HttpRequest } from '../http/server.js';
import { agentCall } from '../message/messages.js';
import { version } from '../version.js';
import type { Agent } from './agent.js';
import { attachInput, attachOutput, launchSession } from './attach.js';
import { validateContainerCall } from './container-validation.js';
import type { ContainerID } from './containers.js';
import { describeContainers, describeExecutors, describeFrameworks, describeTasks } from './describe.js';
import { fileInfo } from './files.js';
import { flagsJson } from './legacy.js';
import { metrics } from './metrics.js';

const messages = { response: 'AgentResponse', event: 'ProcessIO' };

/** `POST /api/v1` of an agent (src/slave/http.cpp; trace 40-operator-agent). */
export function operatorEndpoint(agent: Agent): Handler {
  return async (request, reply) => {
    if (request.method !== 'POST') {
      reply.methodNotAllowed(['POST']);
      return;
    }
    try {
      if (request.headers['content-type'] === 'application/recordio') {
        await attachInput(agent, request, reply);
        return;
      }
      await answer(agent, request, reply);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      reply.text(error.status, error.message);
    }
  };
}

async function answer(agent: Agent, request: HttpRequest, reply: Reply): Promise<void> {
  const call = readCall(request, agentCall, 'AgentCall');
  const type = call['type'];
  const invalid = (text: string): Refusal => new Refusal(400, `Failed to validate agent::Call: ${text}`);
  if (typeof type !== 'string') throw invalid("Expecting 'type' to be present");
  const field = type.toLowerCase();
  const body = call[field];
  if (withMessage.has(type) && body === undefined) throw invalid(`Expecting '${field}' to be present`);
  const wrong = validateContainerCall(field, body);
  if (wrong !== undefined) throw invalid(wrong);
  if (type === 'LAUNCH_NESTED_CONTAINER_SESSION') {
    launchSession(agent, body as ContainerCall, request, reply);
    return;
  }
  if (type === 'ATTACH_CONTAINER_OUTPUT') {
    attachOutput(agent, body as ContainerCall, request, reply);
    return;
  }
  negotiate(request, reply, messages);
  const read = reads[type];
  if (read !== undefined) {
    const described = read(agent, body);
    reply.json(described === undefined ? { type } : { type, [field]: described });
    return;
  }
  // The shape has been checked; each call below knows its own.
  await perform(agent, type, body as ContainerCall & FileCall & LoggingCall, reply);
}

const withMessage: ReadonlySet<string> = new Set([
  'GET_METRICS', 'SET_LOGGING_LEVEL', 'LIST_FILES', 'READ_FILE', 'LAUNCH_NESTED_CONTAINER', 'WAIT_NESTED_CONTAINER',
  'KILL_NESTED_CONTAINER', 'REMOVE_NESTED_CONTAINER', 'LAUNCH_NESTED_CONTAINER_SESSION', 'ATTACH_CONTAINER_INPUT',
  'ATTACH_CONTAINER_OUTPUT', 'LAUNCH_CONTAINER', 'WAIT_CONTAINER', 'KILL_CONTAINER', 'REMOVE_CONTAINER',
  'ADD_RESOURCE_PROVIDER_CONFIG', 'UPDATE_RESOURCE_PROVIDER_CONFIG', 'REMOVE_RESOURCE_PROVIDER_CONFIG',
  'MARK_RESOURCE_PROVIDER_GONE',
]); // prettier-ignore

/** The messages of calls about containers. */
export interface ContainerCall {
  readonly container_id: ContainerID;
  readonly command?: CommandInfo | undefined;
  readonly resources?: readonly Resource[] | undefined;
  readonly signal?: number | undefined;
}

interface FileCall {
  readonly path: string;
  readonly offset: number;
  readonly length?: number | undefined;
}

interface LoggingCall {
  readonly level: number;
  readonly duration: { readonly nanoseconds: number };
}

const reads: Readonly<Record<string, (agent: Agent, body: unknown) => object | undefined>> = {
  GET_HEALTH: () => ({ healthy: true }),
  GET_VERSION: () => ({ version_info: version }),
  GET_FLAGS: (agent) => ({ flags: Object.entries(flagsJson(agent)).map(([name, value]) => ({ name, value })) }),
  GET_METRICS: (agent) => ({ metrics: [...metrics(agent)].map(([name, value]) => ({ name, value })) }),
  GET_LOGGING_LEVEL: (agent) => ({ level: agent.loggingLevel }),
  GET_AGENT: (agent) => ({ agent_info: agent.info }),
  GET_OPERATIONS: () => ({}),
  GET_RESOURCE_PROVIDERS: () => ({}),
  GET_TASKS: describeTasks,
  GET_EXECUTORS: describeExecutors,
  GET_FRAMEWORKS: describeFrameworks,
  GET_CONTAINERS: (agent, body) => {
    const { show_nested = false, show_standalone = false } = (body ?? {}) as {
      show_nested?: boolean;
      show_standalone?: boolean;
    };
    const containers = describeContainers(agent, show_nested, show_standalone);
    return containers.length === 0 ? undefined : { containers };
  },
  GET_STATE: (agent) => ({
    get_tasks: describeTasks(agent),
    get_executors: describeExecutors(agent),
    get_frameworks: describeFrameworks(agent),
  }),
};

async function perform(
  agent: Agent,
  type: string,
  body: ContainerCall & FileCall & LoggingCall,
  reply: Reply,
): Promise<void> {
  switch (type) {
    case 'SET_LOGGING_LEVEL':
      agent.setLoggingLevel(body.level, body.duration.nanoseconds / 1e6);
      reply.empty(200);
      return;
    case 'LIST_FILES': {
      const files = agent.files.list(body.path);
      if (files === undefined) throw new Refusal(404, '');
      reply.json({ type, list_files: files.length === 0 ? {} : { file_infos: files.map(fileInfo) } });
      return;
    }
    case 'READ_FILE': {
      const part = agent.files.read(body.path, body.offset, body.length);
      if (part === undefined) throw new Refusal(404, '');
      reply.json({ type, read_file: { size: part.size, data: part.data.toString('base64') } });
      return;
    }
    case 'LAUNCH_CONTAINER':
    case 'LAUNCH_NESTED_CONTAINER':
      reply.empty(agent.containers.launch(body.container_id, body.command ?? {}, body.resources) ? 200 : 202);
      return;
    case 'WAIT_CONTAINER':
    case 'WAIT_NESTED_CONTAINER': {
      const status = await agent.containers.wait(body.container_id);
      reply.json({ type, [type.toLowerCase()]: { exit_status: status } });
      return;
    }
    case 'KILL_CONTAINER':
    case 'KILL_NESTED_CONTAINER':
      agent.containers.kill(body.container_id, body.signal ?? 9);
      reply.empty(200);
      return;
    case 'REMOVE_CONTAINER':
    case 'REMOVE_NESTED_CONTAINER':
      agent.containers.remove(body.container_id);
      reply.empty(200);
      return;
    case 'ADD_RESOURCE_PROVIDER_CONFIG':
    case 'UPDATE_RESOURCE_PROVIDER_CONFIG': {
      const { info } = body as unknown as { info?: { type?: string; name?: string } };
      const [kind, name] = [info?.type ?? '', info?.name ?? ''];
      throw new Refusal(400, `Failed to validate resource provider config with type '${kind}' and name '${name}': Unknown local resource provider type '${kind}'`); // prettier-ignore
    }
    case 'PRUNE_IMAGES':
    case 'MARK_RESOURCE_PROVIDER_GONE':
      // There are no images and no resource providers: nothing is left to do.
      reply.empty(200);
      return;
    default:
      throw new Refusal(501, '501 Not Implemented.');
  }
}
