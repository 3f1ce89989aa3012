import { loadCodec, type Codec } from '../codec/codec.js';
import { discard, refusal } from '../http/answer.js';
import type { Endpoint, EndpointOptions } from '../http/endpoint.js';
import { ProtocolError } from '../http/errors.js';
import { EventStream } from '../http/event-stream.js';
import { encodeRecord } from '../recordio/encoder.js';
import { validateCall } from '../schema/validate-call.js';
import type { AgentCall, AttachContainerInput, ProcessIO } from '../types/agent.js';
import type { WindowSize } from '../types/container.js';
import type { ContainerID } from '../types/ids.js';
import type { CallOptions } from './client.js';

/** What a container wrote. */
export interface ContainerOutput {
  stream: 'STDOUT' | 'STDERR';
  data: Buffer;
}

/** What a container is given: bytes or text for its standard input, or another size of its terminal. */
export type ContainerInput = Uint8Array | string | WindowSize;

/** How input is sent. */
export interface AttachInputOptions extends CallOptions {
  /** Milliseconds between heartbeats, which keep a quiet connection open through proxies; 0 for none. Default 30000. */
  heartbeat?: number | undefined;
}

type SessionCall = Extract<AgentCall, { type: 'LAUNCH_NESTED_CONTAINER_SESSION' }>;
type OutputCall = SessionCall | Extract<AgentCall, { type: 'ATTACH_CONTAINER_OUTPUT' }>;

const STREAM = 'application/recordio';
/** Of a terminal device 4 KiB are typical, and Mesos' own CLI sends as much. */
const MAX_DATA = 64 * 1024;

/** The calls of an agent whose bodies are streams of ProcessIO. */
export class ContainerStreams {
  readonly #endpoint: Endpoint;
  readonly #options: EndpointOptions;
  #codec: Codec | undefined;

  constructor(endpoint: Endpoint, options: EndpointOptions) {
    this.#endpoint = endpoint;
    this.#options = options;
  }

  /** The output of a call that is answered by one. */
  async *output(call: OutputCall, { signal }: CallOptions = {}): AsyncGenerator<ContainerOutput> {
    validateCall('AgentCall', call);
    const codec = await this.#loadCodec();
    const exchange = await this.#endpoint.send({
      what: call.type,
      body: codec.encode('AgentCall', call),
      connection: 'own',
      // Exactly these: where JSON is acceptable at all, Mesos answers with that (src/slave/http.cpp).
      headers: { Accept: STREAM, 'Message-Accept': codec.mediaType },
      signal,
    });
    if (exchange.response.status !== 200) throw await refusal(exchange, call.type);
    const stream = new EventStream(exchange, codec, 'ProcessIO');
    // The server sends no heartbeats of its own: a quiet container is no dead one.
    stream.expectNoHeartbeats();
    for await (const record of stream) {
      const output = outputOf(record, exchange.url);
      if (output) yield output;
    }
  }

  /** Sends everything that `input` gives, then the end of the input. */
  async input(
    container: ContainerID,
    input: AsyncIterable<ContainerInput> | Iterable<ContainerInput>,
    { signal, heartbeat = 30_000 }: AttachInputOptions = {},
  ): Promise<void> {
    const codec = await this.#loadCodec();
    const encode = (attach_container_input: AttachContainerInput): Uint8Array => {
      const call = { type: 'ATTACH_CONTAINER_INPUT' as const, attach_container_input };
      validateCall('AgentCall', call);
      return encodeRecord(codec.encode('AgentCall', call));
    };
    const exchange = await this.#endpoint.send({
      what: 'ATTACH_CONTAINER_INPUT',
      body: writeInput(container, input, heartbeat, encode),
      connection: 'own',
      headers: { 'Content-Type': STREAM, 'Message-Content-Type': codec.mediaType },
      // The answer comes when the input has ended.
      timeout: 0,
      signal,
    });
    if (exchange.response.status !== 200) throw await refusal(exchange, 'ATTACH_CONTAINER_INPUT');
    await discard(exchange);
  }

  async #loadCodec(): Promise<Codec> {
    return (this.#codec ??= await loadCodec(this.#options));
  }
}

async function* writeInput(
  container: ContainerID,
  input: AsyncIterable<ContainerInput> | Iterable<ContainerInput>,
  heartbeat: number,
  encode: (input: AttachContainerInput) => Uint8Array,
): AsyncGenerator<Uint8Array> {
  yield encode({ type: 'CONTAINER_ID', container_id: container });
  const write = (process_io: ProcessIO) => encode({ type: 'PROCESS_IO', process_io });
  const beat: ProcessIO = {
    type: 'CONTROL',
    control: { type: 'HEARTBEAT', heartbeat: { interval: { nanoseconds: heartbeat * 1e6 } } },
  };
  const items = Symbol.asyncIterator in input ? input[Symbol.asyncIterator]() : input[Symbol.iterator]();
  try {
    for (let next = items.next(); ;) {
      const item = await withTimer(next, heartbeat);
      if (item === undefined) {
        yield write(beat);
        continue;
      }
      if (item.done === true) break;
      next = items.next();
      for (const io of processIoOf(item.value)) yield write(io);
    }
  } finally {
    await items.return?.();
  }
  // Data without bytes is the end of the input (recorded: 40-operator-agent, 46).
  yield write({ type: 'DATA', data: { type: 'STDIN', data: '' } });
}

/** Undefined when `milliseconds` have passed first; 0 waits for ever. */
async function withTimer<T>(next: T | Promise<T>, milliseconds: number): Promise<T | undefined> {
  if (milliseconds <= 0) return next;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), milliseconds);
  try {
    return await Promise.race([next, promise]);
  } finally {
    clearTimeout(timer);
  }
}

function* processIoOf(input: ContainerInput): Generator<ProcessIO> {
  if (typeof input === 'object' && 'rows' in input) {
    yield { type: 'CONTROL', control: { type: 'TTY_INFO', tty_info: { window_size: input } } };
    return;
  }
  const bytes = Buffer.from(input);
  // None for nothing: it would end the input.
  for (let at = 0; at < bytes.length; at += MAX_DATA) {
    const data = bytes.subarray(at, at + MAX_DATA).toString('base64');
    yield { type: 'DATA', data: { type: 'STDIN', data } };
  }
}

/** Undefined for control records, which a server does not send yet. */
function outputOf(record: object, url: URL): ContainerOutput | undefined {
  if (Reflect.get(record, 'type') !== 'DATA') return undefined;
  const data: unknown = Reflect.get(record, 'data');
  if (typeof data !== 'object' || data === null) throw new ProtocolError(url, 'a record of DATA without data');
  const stream: unknown = Reflect.get(data, 'type');
  const bytes: unknown = Reflect.get(data, 'data') ?? '';
  if ((stream !== 'STDOUT' && stream !== 'STDERR') || typeof bytes !== 'string')
    throw new ProtocolError(url, 'a record of DATA that is no output');
  return { stream, data: Buffer.from(bytes, 'base64') };
}
