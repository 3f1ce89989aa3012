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
  /** Milliseconds; 0 waits for ever. */
  #patience = PATIENCE * DEFAULT_HEARTBEAT_SECONDS * 1000;
  #cause: unknown;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
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

  /** Every record as JSON with a `type`. Ends when the server ends the answer; throws when it breaks off. */
  async *[Symbol.asyncIterator](): AsyncGenerator<{ type: string }> {
    const { url, response } = this.#exchange;
    const decoder = new RecordIoDecoder();
    const chunks = response.body[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await this.#watch(chunks.next());
        if (next.done) break;
        for (const record of decode(decoder, next.value)) yield parseEvent(record, url);
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

function parseEvent(record: Uint8Array, url: URL): { type: string } {
  let event: unknown;
  try {
    event = JSON.parse(Buffer.from(record.buffer, record.byteOffset, record.byteLength).toString('utf8'));
  } catch (cause) {
    throw new ProtocolError(url, 'an event that is not JSON', cause);
  }
  if (typeof event !== 'object' || event === null || !('type' in event) || typeof event.type !== 'string') {
    throw new ProtocolError(url, 'an event without a type');
  }
  // Spread to a plain object: TypeScript has checked that `type` is a string.
  return Object.assign(event, { type: event.type });
}
