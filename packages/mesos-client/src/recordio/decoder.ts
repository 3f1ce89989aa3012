import { RecordIoError } from '../errors.js';

/** Limits of a decoder. */
export interface RecordIoOptions {
  /** Bytes a record may have. Default 64 MiB: GET_STATE snapshots of large clusters stay below it. */
  maxRecordBytes?: number | undefined;
  /** Digits a length may have. Default 20, as many as 2^64 - 1 has. */
  maxHeaderDigits?: number | undefined;
}

const LINE_FEED = 10;
const ZERO = 48;
const NINE = 57;
const EMPTY = new Uint8Array(0);

/**
 * Splits a byte stream into records: `1*DIGIT LF bytes`, where the digits count bytes (docs/recordio.md of Apache Mesos).
 *
 * Chunks may be cut anywhere. Records of 0 bytes are delivered, as Mesos' own decoder does. A record that lies whole in one chunk
 * is a view of that chunk, not a copy. After an error the decoder refuses everything: lengths cannot be found again.
 *
 * ```ts
 * const decoder = new RecordIoDecoder();
 * const records = decoder.push(new TextEncoder().encode('5\nhello5\nwor')); // [hello]
 * decoder.push(new TextEncoder().encode('ld')); // [world]
 * decoder.end(); // throws RecordIoError 'truncated' if a record is incomplete
 * ```
 */
export class RecordIoDecoder {
  readonly #maxRecordBytes: number;
  readonly #maxHeaderDigits: number;
  #headerBytes = 0;
  /** First byte of the header being read that is no digit. */
  #foreignByte: number | undefined;
  #length = 0;
  /** The record being collected; undefined while a header is read. */
  #partial: Uint8Array | undefined;
  #filled = 0;
  #broken: RecordIoError | undefined;

  constructor(options: RecordIoOptions = {}) {
    this.#maxRecordBytes = options.maxRecordBytes ?? 64 * 1024 * 1024;
    this.#maxHeaderDigits = options.maxHeaderDigits ?? 20;
  }

  /** Takes the next bytes of the stream and gives the records they complete. Throws `RecordIoError` (`header`, `oversized`). */
  push(chunk: Uint8Array): Uint8Array[] {
    if (this.#broken) throw this.#broken;
    const records: Uint8Array[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.#partial) {
        at += this.#fill(chunk, at, records);
      } else if (this.#readHeaderByte(chunk[at++] ?? 0, records)) {
        if (chunk.length - at >= this.#length) {
          records.push(this.#length === 0 ? EMPTY : chunk.subarray(at, at + this.#length));
          at += this.#length;
          this.#length = 0;
        } else {
          // Memory follows the bytes that arrive, not the length that is claimed.
          this.#partial = new Uint8Array(Math.min(this.#length, 64 * 1024));
          this.#filled = 0;
        }
      }
    }
    return records;
  }

  /** Tells the end of the stream. Throws `RecordIoError` (`truncated`) if it falls inside a record or a length. */
  end(): void {
    if (this.#broken) throw this.#broken;
    if (this.#partial) {
      this.#fail('truncated', `the stream ended after ${this.#filled} of a record's ${this.#length} bytes`);
    }
    if (this.#headerBytes > 0) this.#fail('truncated', "the stream ended inside a record's length");
  }

  /** True once the length is complete. */
  #readHeaderByte(byte: number, records: Uint8Array[]): boolean {
    if (byte !== LINE_FEED) {
      if (byte < ZERO || byte > NINE) this.#foreignByte ??= byte;
      this.#headerBytes += 1;
      if (this.#headerBytes > this.#maxHeaderDigits) {
        this.#fail('header', `a length of more than ${this.#maxHeaderDigits} digits`, records);
      }
      this.#length = this.#length * 10 + (byte - ZERO);
      return false;
    }
    if (this.#foreignByte !== undefined) {
      this.#fail('header', `byte 0x${this.#foreignByte.toString(16)} in the length of a record`, records);
    }
    if (this.#headerBytes === 0) this.#fail('header', 'a record without a length', records);
    if (this.#length > this.#maxRecordBytes) {
      const what = `a record of ${this.#length} bytes, more than the ${this.#maxRecordBytes} allowed`;
      this.#fail('oversized', what, records);
    }
    this.#headerBytes = 0;
    return true;
  }

  /** Gives the number of bytes taken. */
  #fill(chunk: Uint8Array, at: number, records: Uint8Array[]): number {
    const taken = Math.min(this.#length - this.#filled, chunk.length - at);
    this.#reserve(this.#filled + taken);
    this.#partial?.set(chunk.subarray(at, at + taken), this.#filled);
    this.#filled += taken;
    if (this.#partial && this.#filled === this.#length) {
      records.push(this.#partial.subarray(0, this.#length));
      this.#partial = undefined;
      this.#length = 0;
    }
    return taken;
  }

  #reserve(bytes: number): void {
    const partial = this.#partial;
    if (!partial || partial.length >= bytes) return;
    const larger = new Uint8Array(Math.min(this.#length, Math.max(bytes, partial.length * 2)));
    larger.set(partial.subarray(0, this.#filled));
    this.#partial = larger;
  }

  #fail(reason: RecordIoError['reason'], what: string, records: readonly Uint8Array[] = []): never {
    this.#broken = new RecordIoError(reason, `RecordIO stream: ${what}; close the connection and subscribe again`);
    if (records.length === 0) throw this.#broken;
    throw new RecordIoError(reason, this.#broken.message, records);
  }
}
