import { appendFileSync } from 'node:fs';

/** The log of a run: what happened when, one line each. */
export class Timeline {
  readonly #path: string;
  readonly #start = Date.now();

  constructor(path: string) {
    this.#path = path;
  }

  /** Milliseconds since the start. */
  get now(): number {
    return Date.now() - this.#start;
  }

  write(text: string): void {
    appendFileSync(this.#path, `${new Date().toISOString()} ${(this.now / 1000).toFixed(3).padStart(8)} ${text}\n`);
  }
}
