import type { EndpointOptions } from '../http/endpoint.js';
import type { AgentCall, AgentResponse } from '../types/agent.js';
import { OperatorEndpoint, type CallOptions } from './client.js';

/** The answer to a call of this type: `{ type, get_…: … }` for those that read, nothing for the others. */
export type AgentAnswer<Type extends AgentCall['type']> =
  Extract<AgentResponse, { type: Type }> extends never ? undefined : Extract<AgentResponse, { type: Type }>;

/** Calls whose answers are streams of ProcessIO, which this client does not read yet. */
type AttachCall = 'ATTACH_CONTAINER_INPUT' | 'ATTACH_CONTAINER_OUTPUT' | 'LAUNCH_NESTED_CONTAINER_SESSION';

/** How to reach one agent. */
export interface AgentClientOptions extends Omit<EndpointOptions, 'master' | 'rewriteAddress'> {
  /** `http://host:port` of the agent. */
  agent: string;
}

/** An operator's view of one agent. */
export interface AgentClient {
  /** Throws `InvalidCallError`, `MesosHttpError`, `UnreachableError`, `ProtocolError`. WAIT_CONTAINER answers when the container ends. */
  call<Call extends Exclude<AgentCall, { type: AttachCall }>>(
    call: Call,
    options?: CallOptions,
  ): Promise<AgentAnswer<Call['type']>>;
  /** Frees kept connections. */
  close(): void;
}

/**
 * ```ts
 * const agent = createAgentClient({ agent: 'http://127.0.0.1:5051' });
 * const { get_containers: { containers = [] } } = await agent.call({ type: 'GET_CONTAINERS' });
 * ```
 */
export function createAgentClient({ agent, ...options }: AgentClientOptions): AgentClient {
  const endpoint = new OperatorEndpoint('AgentCall', { ...options, master: agent });
  return {
    // The server's answer is taken at its word: its type is the call's, or the request would have been refused.
    call: async <Call extends AgentCall>(call: Call, callOptions: CallOptions = {}) =>
      (await endpoint.call(call, callOptions)) as AgentAnswer<Call['type']>,
    close: () => endpoint.close(),
  };
}
