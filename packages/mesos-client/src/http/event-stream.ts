import type { Codec } from '../codec/codec.js';
import { RecordIoError } from '../errors.js';
import { RecordIoDecoder } from '../recordio/decoder.js';
import type { Exchange } from './endpoint.js';
import { ProtocolError, UnreachableError } from './errors.js';

/** How many heartbeat intervals may pass without a byte before a stream counts as dead. */
const PATIENCE = 5;
const DEFAULT_HEARTBEAT_SECONDS = 15;

/** The events of an answer in RecordIO. Quiet streams are cut, so that half-open connections do not hang for ever. */
export class EventStream {
  readonly #exchange: Exchange;
  readonly #codec: Codec;
  readonly #message: string;
  /** Milliseconds; 0 waits for ever. */
  #patience = PATIENCE * DEFAULT_HEARTBEAT_SECONDS * 1000;
  #cause: unknown;

  /** `message` names what every record is, for `codec`. */
  constructor(exchange: Exchange, codec: Codec, message: string) {
    this.#exchange = exchange;
    this.#codec = codec;
    this.#message = message;
  }

  /** Seconds between heartbeats, as SUBSCRIBED tells; undefined: the server sends none that could be relied on. */
  set heartbeatSeconds(seconds: number | undefined) {
    this.#patience = (seconds ?? 0) * PATIENCE * 1000;
  }

  /** Ends the iteration with `cause`. */
  cut(cause: unknown): void {
    this.#cause ??= cause;
    this.#exchange.response.abort();
  }

  /** Every record as an object with a `type`. Ends when the server ends the answer; throws when it breaks off. */
  async *[Symbol.asyncIterator](): AsyncGenerator<{ type: string }> {
    const { url, response } = this.#exchange;
    const decoder = new RecordIoDecoder();
    const chunks = response.body[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await this.#watch(chunks.next());
        if (next.done) break;
        for (const record of decode(decoder, next.value)) yield this.#parse(record, url);
      }
      decoder.end();
    } catch (error) {
      throw this.#cause ?? error;
    } finally {
      response.abort();
      await chunks.return?.();
    }
  }

  /** The clock runs only while bytes are awaited: a slow consumer is not a dead server. */
  async #watch<T>(next: Promise<T>): Promise<T> {
    if (this.#patience <= 0) return next;
    const seconds = this.#patience / 1000;
    const timer = setTimeout(() => {
      this.cut(new UnreachableError(this.#exchange.url, `no heartbeat for ${seconds} s`));
    }, this.#patience);
    try {
      return await next;
    } finally {
      clearTimeout(timer);
    }
  }

  #parse(record: Uint8Array, url: URL): { type: string } {
    let event: unknown;
    try {
      event = this.#codec.decode(this.#message, record);
    } catch (cause) {
      const form = this.#codec.mediaType === 'application/json' ? 'JSON' : 'protobuf';
      throw new ProtocolError(url, `an event that is not ${form}`, cause);
    }
    if (hasType(event)) return event;
    // A type of a later Mesos has no name in protobuf.
    if (this.#codec.mediaType === 'application/x-protobuf') return Object.assign({ type: 'UNKNOWN' }, event);
    throw new ProtocolError(url, 'an event without a type');
  }
}

function hasType(event: unknown): event is { type: string } {
  return typeof event === 'object' && event !== null && 'type' in event && typeof event.type === 'string';
}

/** Records before a broken place are delivered before its error. */
function* decode(decoder: RecordIoDecoder, chunk: Uint8Array): Generator<Uint8Array> {
  let records: readonly Uint8Array[];
  try {
    records = decoder.push(chunk);
  } catch (error) {
    if (error instanceof RecordIoError) yield* error.records;
    throw error;
  }
  yield* records;
}
