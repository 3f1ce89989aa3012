import { Endpoint, type EndpointOptions } from '../http/endpoint.js';
import { createNodeTransport } from '../http/node-transport.js';
import type { AgentCall, AgentResponse } from '../types/agent.js';
import type { ContainerID } from '../types/ids.js';
import { ContainerStreams, type AttachInputOptions, type ContainerInput, type ContainerOutput } from './attach.js';
import { OperatorEndpoint, type CallOptions } from './client.js';

/** The answer to a call of this type: `{ type, get_…: … }` for those that read, nothing for the others. */
export type AgentAnswer<Type extends AgentCall['type']> =
  Extract<AgentResponse, { type: Type }> extends never ? undefined : Extract<AgentResponse, { type: Type }>;

/** Calls whose bodies are streams of ProcessIO: they have methods of their own. */
type AttachCall = 'ATTACH_CONTAINER_INPUT' | 'ATTACH_CONTAINER_OUTPUT' | 'LAUNCH_NESTED_CONTAINER_SESSION';

/** How to reach one agent. */
export interface AgentClientOptions extends Omit<EndpointOptions, 'master' | 'rewriteAddress'> {
  /** `http://host:port` of the agent. */
  agent: string;
  /** Unix socket to reach the agent by, instead of the network. */
  socketPath?: string | undefined;
}

type SessionCall = Extract<AgentCall, { type: 'LAUNCH_NESTED_CONTAINER_SESSION' }>;

/** An operator's view of one agent. */
export interface AgentClient {
  /** Throws `InvalidCallError`, `MesosHttpError`, `UnreachableError`, `ProtocolError`. WAIT_CONTAINER answers when the container ends. */
  call<Call extends Exclude<AgentCall, { type: AttachCall }>>(
    call: Call,
    options?: CallOptions,
  ): Promise<AgentAnswer<Call['type']>>;
  /**
   * Runs a command in a container below another and gives what it writes, until it ends. Leaving the iteration kills the container. Throws
   * what `call` throws.
   */
  launchSession(
    body: SessionCall['launch_nested_container_session'],
    options?: CallOptions,
  ): AsyncIterable<ContainerOutput>;
  /** What a container writes from now on, until it ends; it must have been launched for that (a session, or with a terminal). */
  attachOutput(container: ContainerID, options?: CallOptions): AsyncIterable<ContainerOutput>;
  /** Gives a container its standard input. Resolves when the input has ended and the agent has taken it. */
  attachInput(
    container: ContainerID,
    input: AsyncIterable<ContainerInput> | Iterable<ContainerInput>,
    options?: AttachInputOptions,
  ): Promise<void>;
  /** Frees kept connections. */
  close(): void;
}

/**
 * ```ts
 * const agent = createAgentClient({ agent: 'http://127.0.0.1:5051' });
 * const { get_containers: { containers = [] } } = await agent.call({ type: 'GET_CONTAINERS' });
 * ```
 */
export function createAgentClient({ agent, socketPath, ...options }: AgentClientOptions): AgentClient {
  const transport = options.transport ?? createNodeTransport({ tls: options.tls, socketPath });
  const all: EndpointOptions = { ...options, transport, master: agent };
  const endpoint = new OperatorEndpoint('AgentCall', all);
  const streams = new ContainerStreams(new Endpoint('/api/v1', all), all);
  return {
    // The server's answer is taken at its word: its type is the call's, or the request would have been refused.
    call: async <Call extends AgentCall>(call: Call, callOptions: CallOptions = {}) =>
      (await endpoint.call(call, callOptions)) as AgentAnswer<Call['type']>,
    launchSession: (body, callOptions) => {
      const type = 'LAUNCH_NESTED_CONTAINER_SESSION';
      return streams.output({ type, launch_nested_container_session: body }, callOptions);
    },
    attachOutput: (container, callOptions) => {
      const call = { type: 'ATTACH_CONTAINER_OUTPUT' as const, attach_container_output: { container_id: container } };
      return streams.output(call, callOptions);
    },
    attachInput: (container, input, inputOptions) => streams.input(container, input, inputOptions),
    close: () => {
      if (options.transport === undefined) transport.close();
    },
  };
}
