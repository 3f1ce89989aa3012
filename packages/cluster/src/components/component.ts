import type { Logger } from '../embedded/log.js';

/** A server of Kubernetes that `km NAME` starts. */
export interface Component {
  name: string;
  summary: string;
  /** Flags that are read, with what they mean. */
  flags: Readonly<Record<string, string>>;
  /** Flags of the server of 2015 that say nothing to this one: taken, and without effect. */
  ignored: readonly string[];
  start(flags: Flags, context: { logger: Logger; signal: AbortSignal }): Promise<RunningComponent>;
}

export interface RunningComponent {
  /** For the log, as `listening on https://0.0.0.0:6443`. */
  state: string;
  close(): Promise<void>;
}

/** What was said on the command line; the message names the flag that is wrong. */
export class Flags {
  readonly #component: string;
  readonly #values: ReadonlyMap<string, string>;

  constructor(component: string, values: ReadonlyMap<string, string>) {
    this.#component = component;
    this.#values = values;
  }

  get(name: string): string | undefined {
    return this.#values.get(name) || undefined;
  }

  require(name: string): string {
    const value = this.get(name);
    if (value === undefined) throw new FlagError(`km ${this.#component}: give --${name}`);
    return value;
  }

  number(name: string, otherwise: number): number {
    const text = this.get(name);
    if (text === undefined) return otherwise;
    if (!/^\d+(\.\d+)?$/.test(text)) {
      throw new FlagError(`km ${this.#component}: --${name}=${text}: give a number of 0 or more`);
    }
    return Number(text);
  }
}

/** A command line that cannot be understood. */
export class FlagError extends Error {
  override readonly name = 'FlagError';
  readonly code = 'InvalidSpec';
}
