import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** How a process is started, each time alike. */
export interface DaemonOptions {
  readonly name: string;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Its output is appended here. */
  readonly log: string;
  /** What ends it in order: SIGTERM by default. */
  readonly stopSignal?: NodeJS.Signals | undefined;
}

/** A process with an identity that outlives its deaths. */
export class Daemon {
  readonly name: string;
  readonly #options: DaemonOptions;
  #child: ChildProcess | undefined;
  #exited: Promise<void> = Promise.resolve();
  /** Since when it has been running undisturbed, in milliseconds since the epoch; undefined while it does not. */
  runningSince: number | undefined;
  /** Exits that the soak did not cause. */
  readonly surprises: string[] = [];
  #expected = false;

  constructor(options: DaemonOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    const log = openSync(this.#options.log, 'a');
    const child = spawn(process.execPath, this.#options.argv, {
      stdio: ['ignore', log, log],
      env: { ...process.env, ...this.#options.env },
    });
    closeSync(log);
    this.#child = child;
    this.runningSince = Date.now();
    this.#exited = new Promise((resolve) => {
      child.once('error', (error) => {
        this.surprises.push(`${this.name} could not be started: ${error.message}`);
        resolve();
      });
      child.once('exit', (code, signal) => {
        if (this.#child === child) {
          if (!this.#expected || code !== 0)
            this.surprises.push(`${this.name} ended by itself: ${String(code ?? signal)}`);
          this.#child = undefined;
          this.runningSince = undefined;
        }
        resolve();
      });
    });
  }

  /** It may end by itself now, in order. */
  expectEnd(): void {
    this.#expected = true;
  }

  /** SIGKILL; resolves when it is gone. */
  async end(): Promise<void> {
    this.#letGo()?.kill('SIGKILL');
    await this.#exited;
  }

  /** Ends it in order, and by SIGKILL when it takes longer than so many milliseconds. Gives whether it ended in time. */
  async stop(patience: number): Promise<boolean> {
    const child = this.#letGo();
    child?.kill(this.#options.stopSignal ?? 'SIGTERM');
    const waiting = new AbortController();
    const late = delay(patience, false, { signal: waiting.signal }).catch(() => true);
    const ended = await Promise.race([this.#exited.then(() => true), late]);
    waiting.abort();
    if (!ended) child?.kill('SIGKILL');
    await this.#exited;
    return ended;
  }

  /** Its exit is no surprise from now on. */
  #letGo(): ChildProcess | undefined {
    const child = this.#child;
    this.#child = undefined;
    this.runningSince = undefined;
    return child;
  }

  pause(): void {
    this.#child?.kill('SIGSTOP');
    this.runningSince = undefined;
  }

  resume(): void {
    if (!this.#child) return;
    this.#child.kill('SIGCONT');
    this.runningSince = Date.now();
  }
}
