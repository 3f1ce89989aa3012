import type { CommandInfo } from '@kmd/mesos-client';

import type { Clock } from '../clock.js';
import type { Logger } from '../logger.js';
import type { Exit, Launched, Launcher, LaunchOptions } from './launcher.js';
import type { ProcessRecords } from './leftovers.js';
import type { LeftProcess } from './witness.js';

/** Everything that an agent has running, until it has ended. */
export class Processes {
  readonly records: ProcessRecords;
  readonly #launcher: Launcher;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #running = new Map<Launched, Promise<void>>();
  /** Those of them that no other agent can take over. */
  readonly #bound = new Set<Launched>();
  #letGo = false;

  constructor(launcher: Launcher, records: ProcessRecords, clock: Clock, log: Logger) {
    this.#launcher = launcher;
    this.records = records;
    this.#clock = clock;
    this.#log = log;
  }

  start(command: CommandInfo, options: LaunchOptions): Launched {
    const launched = this.#launcher.launch(command, options);
    if (options.witness === undefined) this.#bound.add(launched);
    if (launched.pid !== undefined) this.records.add(launched.pid, options.cwd);
    return launched;
  }

  /** What an earlier agent started, or undefined where nothing came of it. */
  takeOver(left: LeftProcess): Launched | undefined {
    return this.#launcher.takeOver?.(left);
  }

  /** Notes something that runs until it has ended, then calls back. */
  watch(launched: Launched, ended: (exit: Exit) => void): void {
    const watched = launched.exited
      .catch((error: unknown): Exit => {
        this.#log.warn(`a command could not be started: ${error instanceof Error ? error.message : String(error)}`);
        return { code: 1, signal: null };
      })
      .then((exit) => {
        if (this.#letGo) return;
        this.#running.delete(launched);
        this.#bound.delete(launched);
        if (launched.pid !== undefined) this.records.remove(launched.pid);
        ended(exit);
      });
    this.#running.set(launched, watched);
  }

  /** Ends everything: SIGTERM, SIGKILL after a grace period in milliseconds. Settles when all has ended. */
  end(grace: number): Promise<void> {
    return this.#end([...this.#running], grace);
  }

  /** Ends what no other agent can take over, likewise, and turns away from the rest. */
  async leave(grace: number): Promise<void> {
    await this.#end(
      [...this.#running].filter(([launched]) => this.#bound.has(launched)),
      grace,
    );
    this.letGo();
  }

  async #end(running: readonly [Launched, Promise<void>][], grace: number): Promise<void> {
    for (const [launched] of running) launched.kill('SIGTERM');
    const kill = this.#clock.after(grace, () => {
      for (const [launched] of running) launched.kill('SIGKILL');
    });
    // Timers of this package do not keep a process alive; this one must, until everything has ended.
    const alive = setInterval(() => undefined, 60_000);
    await Promise.all(running.map(([, ended]) => ended));
    clearInterval(alive);
    kill.cancel();
  }

  /** Turns away: what runs goes on without this agent. */
  letGo(): void {
    this.#letGo = true;
    for (const launched of this.#running.keys()) launched.letGo?.();
    this.#running.clear();
  }
}
