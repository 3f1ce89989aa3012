import { connect, type Socket } from 'node:net';

import { readResponse, type HttpMessage } from './http-message.js';

/** A connection that sends the bytes of one recorded request, and gathers what comes back. */
export class Connection {
  readonly #socket: Socket;
  readonly #toHead: boolean;
  readonly #sent: Buffer;
  #received: Buffer = Buffer.alloc(0);
  #waiting: (() => void)[] = [];
  closed = false;
  readonly startedAt = performance.now();
  /** Called when something arrived, or the peer has gone. */
  onChange: () => void = () => undefined;

  /** `original`: the recorded request, whose ports tell who was asked. */
  constructor(port: number, bytes: Buffer, original?: Buffer) {
    this.#toHead = bytes.subarray(0, 5).toString('latin1') === 'HEAD ';
    this.#sent = original ?? bytes;
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#changed();
    });
    this.#socket.on('close', () => {
      this.closed = true;
      this.#changed();
    });
    this.#socket.on('error', () => undefined);
    this.#socket.write(bytes);
  }

  get bytes(): Buffer {
    return this.#received;
  }

  get answer(): HttpMessage | undefined {
    return readResponse(this.#received, this.#toHead, this.#sent);
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Waits until a condition holds; false when it does not in time. */
  async until(condition: () => boolean, milliseconds: number): Promise<boolean> {
    const end = performance.now() + milliseconds;
    while (!condition()) {
      const left = end - performance.now();
      if (left <= 0 || this.closed) return condition();
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    return true;
  }

  #changed(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.onChange();
    for (const resume of waiting) resume();
  }
}
