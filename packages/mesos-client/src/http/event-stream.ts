import type { Codec } from '../codec/codec.js';
import { RecordIoError } from '../errors.js';
import { RecordIoDecoder } from '../recordio/decoder.js';
import { boundDelay } from '../delay.js';
import type { Exchange } from './answer.js';
import { ProtocolError, UnreachableError } from './errors.js';

/** How many heartbeat intervals may pass without a byte before a stream counts as dead. */
const PATIENCE = 5;
const DEFAULT_HEARTBEAT_SECONDS = 15;

/** The events of an answer in RecordIO. Quiet streams are cut, so that half-open connections do not hang for ever. */
export class EventStream {
  readonly #exchange: Exchange;
  readonly #codec: Codec;
  readonly #message: string;
  readonly #decoder: RecordIoDecoder;
  readonly #chunks: AsyncIterator<Uint8Array>;
  /** Milliseconds; 0 waits for ever. */
  #patience = PATIENCE * DEFAULT_HEARTBEAT_SECONDS * 1000;
  #timer: NodeJS.Timeout | undefined;
  #waiting = false;
  #cause: unknown;
  #failure: unknown;

  /** `message` names what every record is, for `codec`. */
  constructor(exchange: Exchange, codec: Codec, message: string) {
    this.#exchange = exchange;
    this.#codec = codec;
    this.#message = message;
    this.#decoder = new RecordIoDecoder({ maxRecordBytes: exchange.maxBytes });
    this.#chunks = exchange.response.body[Symbol.asyncIterator]();
  }

  /** Seconds between heartbeats, as SUBSCRIBED tells; 15, as before it, where that is no number above 0. */
  expectHeartbeats(seconds: unknown): void {
    const interval = typeof seconds === 'number' && seconds > 0 ? seconds : DEFAULT_HEARTBEAT_SECONDS;
    this.#wait(boundDelay(interval * PATIENCE * 1000));
  }

  /** The server sends none that could be relied on. */
  expectNoHeartbeats(): void {
    this.#wait(0);
  }

  /** Makes the next `read` throw `cause`. */
  cut(cause: unknown): void {
    this.#cause ??= cause;
    this.#exchange.response.abort();
  }

  /**
   * The records that come next, each for `decode`; undefined when the server has ended the answer. Throws when it breaks off. Call `close`
   * after the last.
   */
  async read(): Promise<readonly Uint8Array[] | undefined> {
    try {
      if (this.#failure !== undefined) throw this.#failure;
      this.#beginWait();
      const next = await this.#chunks.next();
      if (next.done !== true) return this.#split(next.value);
      this.#decoder.end();
      return undefined;
    } catch (error) {
      throw this.#cause ?? error;
    } finally {
      this.#waiting = false;
    }
  }

  /** Lets the connection go. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#exchange.response.abort();
    await this.#chunks.return?.();
  }

  /** Every event, to the end. */
  async *[Symbol.asyncIterator](): AsyncGenerator<{ type: string }> {
    try {
      for (let records = await this.read(); records; records = await this.read()) {
        for (const record of records) yield this.decode(record);
      }
    } finally {
      await this.close();
    }
  }

  #wait(patience: number): void {
    this.#patience = patience;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** The clock runs only while bytes are awaited: a slow consumer is not a dead server. One timer for all waits: a busy stream makes many. */
  #beginWait(): void {
    this.#waiting = this.#patience > 0;
    if (this.#waiting) this.#timer = this.#timer?.refresh() ?? setTimeout(() => this.#giveUp(), this.#patience);
  }

  #giveUp(): void {
    const seconds = this.#patience / 1000;
    if (this.#waiting) this.cut(new UnreachableError(this.#exchange.url, `no heartbeat for ${seconds} s`));
  }

  /** Records before a broken place are delivered before its error. */
  #split(chunk: Uint8Array): readonly Uint8Array[] {
    try {
      return this.#decoder.push(chunk);
    } catch (error) {
      if (!(error instanceof RecordIoError) || error.records.length === 0) throw error;
      this.#failure = error;
      return error.records;
    }
  }

  /** The event that a record holds: an object with a `type`. */
  decode(record: Uint8Array): { type: string } {
    const { url } = this.#exchange;
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
