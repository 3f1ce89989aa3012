import { KubeError } from './errors.js';

/** One watch event at most; etcd stores objects of at most 1.5 MiB by default, so this only stops a stream that is no watch. */
const MAX_LINE = 64 * 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * Cuts a byte stream at newlines. It splits bytes, not characters, so a code point cut by a chunk's end stays whole; and it joins the
 * chunks of a long line once, when its end has come.
 */
export class LineDecoder {
  readonly #max: number;
  #pending: Uint8Array[] = [];
  #size = 0;

  constructor(max: number = MAX_LINE) {
    this.#max = max;
  }

  /** The lines that `chunk` completes, without their newlines; empty lines are left out. */
  push(chunk: Uint8Array): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#keep(chunk.subarray(start, end));
      const line = this.#take();
      if (line !== '') lines.push(line);
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
    return lines;
  }

  /** What came after the last newline; a server ends the last line too, so this is normally empty. */
  end(): string {
    return this.#take();
  }

  #keep(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#size += piece.length;
    if (this.#size > this.#max)
      throw new KubeError(200, 'InvalidResponse', `a watch event is longer than ${this.#max} bytes`);
    this.#pending.push(piece);
  }

  #take(): string {
    const [only] = this.#pending;
    const bytes = this.#pending.length === 1 && only ? only : Buffer.concat(this.#pending, this.#size);
    this.#pending = [];
    this.#size = 0;
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8').trim();
  }
}
