import type { ServerResponse } from 'node:http';

import { printJson } from './json.js';

/** Bytes that wait for a peer to read on: beyond, it counts as gone. Mesos keeps them all, for as long as it has memory. */
const longestBacklog = 64 * 1024 * 1024;

/** The sending half of a RecordIO stream: every event is one record and one HTTP chunk, as Mesos writes them. */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #encode: (event: object) => string | Uint8Array;
  #open = true;

  constructor(response: ServerResponse, encode: (event: object) => string | Uint8Array = printJson) {
    this.#response = response;
    this.#encode = encode;
    response.on('close', () => {
      this.#open = false;
    });
  }

  get open(): boolean {
    return this.#open;
  }

  /** Calls back once, when the peer has gone or the stream was ended. */
  onClose(callback: () => void): void {
    if (this.#open) this.#response.once('close', callback);
    else queueMicrotask(callback);
  }

  /** Sends an event; an event for a stream that has ended is dropped. A peer that does not read is cut off at some length. */
  send(event: object): void {
    if (!this.#open) return;
    const record = this.#encode(event);
    if (typeof record === 'string') this.#response.write(`${String(Buffer.byteLength(record))}\n${record}`);
    else this.#response.write(Buffer.concat([Buffer.from(`${String(record.length)}\n`), record]));
    if (this.#response.writableLength > longestBacklog) this.destroy();
  }

  /** Undefined where more can be sent; else settles when the peer has read on, or is gone. */
  drained(): Promise<void> | undefined {
    const response = this.#response;
    if (!this.#open || !response.writableNeedDrain) return undefined;
    return new Promise((resolve) => {
      const done = (): void => {
        response.off('drain', done);
        response.off('close', done);
        resolve();
      };
      response.on('drain', done);
      response.on('close', done);
    });
  }

  /** Breaks the connection: the peer sees no end. */
  destroy(): void {
    this.#open = false;
    this.#response.destroy();
  }

  /** Sends the final chunk. The TCP connection stays open, as with Mesos. */
  end(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#response.end();
  }
}
