import { ZooKeeperError } from './errors.js';

// ZooKeeper's serialisation ("jute"): big-endian integers, byte strings and lists with a length of 32 bits, -1 for none
// (zookeeper.jute of Apache ZooKeeper; protocol version 0).

/** Operations (ZooDefs.OpCode). */
export const OPERATION = { exists: 3, getData: 4, ping: 11, getChildren: 8, auth: 100, close: -11 } as const;

/** Transaction ids with a meaning of their own. */
export const XID = { watch: -1, ping: -2, auth: -4 } as const;

/** Error numbers (KeeperException.Code). */
export const FAILURE = { noNode: -101, noAuth: -102, authFailed: -115 } as const;

/** Puts a request together. */
export class RequestWriter {
  readonly #parts: Buffer[] = [];

  int(value: number): this {
    const part = Buffer.alloc(4);
    part.writeInt32BE(value);
    this.#parts.push(part);
    return this;
  }

  long(value: bigint): this {
    const part = Buffer.alloc(8);
    part.writeBigInt64BE(value);
    this.#parts.push(part);
    return this;
  }

  bool(value: boolean): this {
    this.#parts.push(Buffer.from([value ? 1 : 0]));
    return this;
  }

  buffer(value: Uint8Array): this {
    this.int(value.length);
    this.#parts.push(Buffer.from(value));
    return this;
  }

  string(value: string): this {
    return this.buffer(Buffer.from(value, 'utf8'));
  }

  /** The request with its length before it. */
  finish(): Buffer {
    const length = this.#parts.reduce((sum, { length: bytes }) => sum + bytes, 0);
    const head = Buffer.alloc(4);
    head.writeInt32BE(length);
    return Buffer.concat([head, ...this.#parts]);
  }
}

/** Takes an answer apart. Throws `ZooKeeperError` where it is too short. */
export class AnswerReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int(): number {
    return this.#bytes.readInt32BE(this.#take(4));
  }

  long(): bigint {
    return this.#bytes.readBigInt64BE(this.#take(8));
  }

  buffer(): Buffer {
    const length = this.int();
    if (length <= 0) return Buffer.alloc(0);
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  string(): string {
    return this.buffer().toString('utf8');
  }

  strings(): string[] {
    const count = this.int();
    const list: string[] = [];
    for (let i = 0; i < count; i += 1) list.push(this.string());
    return list;
  }

  #take(length: number): number {
    const at = this.#at;
    if (at + length > this.#bytes.length) throw new ZooKeeperError('an answer of ZooKeeper is too short');
    this.#at += length;
    return at;
  }
}

/** Frames of up to 4 MiB: jute.maxbuffer, ZooKeeper's own limit, is 1 MiB. */
const MAX_FRAME = 4 * 1024 * 1024;

/** Splits what arrives into frames. Throws `ZooKeeperError` for a length that no ZooKeeper sends. */
export class FrameSplitter {
  #rest: Buffer = Buffer.alloc(0);

  push(chunk: Uint8Array): Buffer[] {
    let bytes = this.#rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk]);
    const frames: Buffer[] = [];
    while (bytes.length >= 4) {
      const length = bytes.readInt32BE(0);
      if (length < 0 || length > MAX_FRAME)
        throw new ZooKeeperError(`a frame of ${length} bytes; is this a ZooKeeper?`);
      if (bytes.length < 4 + length) break;
      frames.push(bytes.subarray(4, 4 + length));
      bytes = bytes.subarray(4 + length);
    }
    this.#rest = bytes;
    return frames;
  }
}
