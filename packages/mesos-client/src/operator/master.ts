import type { EndpointOptions } from '../http/endpoint.js';
import type { MasterCall, MasterEvent, MasterResponse } from '../types/master.js';
import { OperatorEndpoint, type CallOptions } from './client.js';

/** The answer to a call of this type: `{ type, get_…: … }` for those that read, nothing for the others. */
export type MasterAnswer<Type extends MasterCall['type']> =
  Extract<MasterResponse, { type: Type }> extends never ? undefined : Extract<MasterResponse, { type: Type }>;

/** An operator's view of the leading master. */
export interface MasterClient {
  /** Follows redirects to the leader. Throws `InvalidCallError`, `MesosHttpError`, `UnreachableError`, `ProtocolError`. */
  call<Call extends Exclude<MasterCall, { type: 'SUBSCRIBE' }>>(
    call: Call,
    options?: CallOptions,
  ): Promise<MasterAnswer<Call['type']>>;
  /** State of the cluster, then its changes. Throws when the stream is lost: what happened meanwhile is not told, so subscribe anew. */
  subscribe(options?: CallOptions): AsyncIterable<MasterEvent>;
  /** Frees kept connections. */
  close(): void;
}

/**
 * ```ts
 * const master = createMasterClient({ master: 'http://127.0.0.1:5050' });
 * const { get_agents: { agents = [] } } = await master.call({ type: 'GET_AGENTS' });
 * ```
 */
export function createMasterClient(options: EndpointOptions): MasterClient {
  const endpoint = new OperatorEndpoint('MasterCall', options);
  return {
    // The server's answer is taken at its word: its type is the call's, or the request would have been refused.
    call: async <Call extends MasterCall>(call: Call, callOptions: CallOptions = {}) =>
      (await endpoint.call(call, callOptions)) as MasterAnswer<Call['type']>,
    subscribe: (callOptions = {}) => endpoint.stream({ type: 'SUBSCRIBE' }, callOptions) as AsyncIterable<MasterEvent>,
    close: () => endpoint.close(),
  };
}
