import { loadCodec, type Codec } from '../codec/codec.js';
import { jsonCodec } from '../codec/json.js';
import { MesosError } from '../errors.js';
import { readBytes, refusal } from '../http/answer.js';
import { Endpoint, type EndpointOptions } from '../http/endpoint.js';
import { ProtocolError } from '../http/errors.js';
import { EventStream } from '../http/event-stream.js';
import { messageType } from '../schema/message-type.js';
import { validateCall, type CallKind } from '../schema/validate-call.js';

/** What every operator call takes. */
export interface CallOptions {
  signal?: AbortSignal | undefined;
}

/** What master and agent operators have in common: POST a call to `/api/v1`, read the answer. */
export class OperatorEndpoint {
  readonly #endpoint: Endpoint;
  readonly #kind: CallKind;
  readonly #options: EndpointOptions;
  #codec: Codec | undefined;

  constructor(kind: CallKind, options: EndpointOptions) {
    this.#kind = kind;
    this.#options = options;
    this.#endpoint = new Endpoint('/api/v1', options);
  }

  /** The answer, undefined where it has no body. After a failure the next call goes to the next master of the list. */
  async call(call: { readonly type: string }, { signal }: CallOptions): Promise<unknown> {
    validateCall(this.#kind, call);
    const codec = (this.#codec ??= await loadCodec(this.#options));
    // These are answered when the container ends: nothing may queue behind them.
    const waits = call.type.startsWith('WAIT_');
    const exchange = await this.#endpoint
      .send({
        what: call.type,
        body: codec.encode(this.#kind, call),
        connection: waits ? 'own' : 'calls',
        ...(waits ? { timeout: 0 } : {}),
        signal,
      })
      .catch((error: unknown) => {
        if (error instanceof MesosError && error.retryable) this.#endpoint.rotate();
        throw error;
      });
    const { url, response } = exchange;
    if (response.status !== 200 && response.status !== 202) {
      const error = await refusal(exchange, call.type);
      // No leader, or not ready yet: another of the list may be.
      if (error.retryable) this.#endpoint.rotate();
      throw error;
    }
    const bytes = await readBytes(exchange);
    if (bytes.length === 0) return undefined;
    const isJson = codec.mediaType === 'application/json' || response.headers['content-type'] === 'application/json';
    let answer: unknown;
    try {
      answer = (isJson && codec.mediaType !== 'application/json' ? jsonCodec : codec).decode(this.#answer, bytes);
    } catch (cause) {
      throw new ProtocolError(url, `an answer to ${call.type} that is not ${isJson ? 'JSON' : 'protobuf'}`, cause);
    }
    return this.#complete(answer, call.type, url);
  }

  /** Checks that it answers the call. Mesos leaves an empty body out (recorded: GET_WEIGHTS), which the types promise. */
  #complete(answer: unknown, type: string, url: URL): object {
    if (typeof answer !== 'object' || answer === null || Reflect.get(answer, 'type') !== type)
      throw new ProtocolError(url, `an answer to ${type} that does not say so`);
    const body = type.toLowerCase();
    if (messageType(this.#answer).byName.has(body) && !(body in answer)) Reflect.set(answer, body, {});
    return answer;
  }

  /** The events of a call whose answer does not end. */
  async *stream(call: { readonly type: string }, { signal }: CallOptions): AsyncGenerator<{ type: string }> {
    validateCall(this.#kind, call);
    const codec = (this.#codec ??= await loadCodec(this.#options));
    const exchange = await this.#endpoint.send({
      what: call.type,
      body: codec.encode(this.#kind, call),
      connection: 'own',
      signal,
    });
    if (exchange.response.status !== 200) throw await refusal(exchange, call.type);
    const stream = new EventStream(exchange, codec, 'MasterEvent');
    for await (const event of stream) {
      const subscribed: unknown = Reflect.get(event, 'subscribed');
      if (typeof subscribed === 'object' && subscribed !== null && 'heartbeat_interval_seconds' in subscribed) {
        stream.expectHeartbeats(subscribed.heartbeat_interval_seconds);
      }
      yield event;
    }
  }

  get #answer(): string {
    return this.#kind === 'AgentCall' ? 'AgentResponse' : 'MasterResponse';
  }

  close(): void {
    this.#endpoint.close();
  }
}
