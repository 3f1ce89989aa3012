import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Environment } from '../environment.js';

/** A connection that goes through the standard streams of a program, with what Node's http asks of a socket. */
export class ProgramConnection extends Duplex {
  readonly #child: ChildProcessWithoutNullStreams;
  #said = '';

  /** @param environment the program's own; it is looked for on its PATH */
  constructor(program: string, args: readonly string[], environment: Environment) {
    super({ allowHalfOpen: false });
    const { spawn } = process.getBuiltinModule('node:child_process');
    this.#child = spawn(program, args, { env: { ...environment } });
    const { stdout, stderr, stdin } = this.#child;
    stdout.on('data', (bytes) => {
      if (!this.push(bytes)) stdout.pause();
    });
    stderr.on('data', (bytes) => (this.#said = (this.#said + String(bytes)).slice(-1000)));
    stdin.on('error', () => undefined); // its end tells why
    this.#child.on('error', (cause) => {
      const why = 'code' in cause && cause.code === 'ENOENT' ? 'there is no such program on PATH' : cause.message;
      this.destroy(new Error(`${program} cannot be started: ${why}`, { cause }));
    });
    this.#child.on('close', (code) => {
      if (code === 0 || this.destroyed) this.push(null);
      else this.destroy(new Error(`${program} ended with ${code}: ${this.#said.trim() || 'it said nothing'}`));
    });
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#child.stdin.write(chunk, () => done());
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#child.stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#child.kill();
    done(error);
  }

  setKeepAlive(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }

  ref(): this {
    this.#child.ref();
    for (const stream of this.#streams()) stream.ref();
    return this;
  }

  unref(): this {
    this.#child.unref();
    for (const stream of this.#streams()) stream.unref();
    return this;
  }

  #streams(): Socket[] {
    const { stdin, stdout, stderr } = this.#child;
    return [stdin, stdout, stderr].filter((stream) => stream instanceof Socket);
  }
}
