import { readdirSync, renameSync, statSync } from 'node:fs';
import { rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';

import { every, type Clock, type Timer } from '../clock.js';
import type { Logger } from '../logger.js';
import type { AgentFlags } from './flags.js';

/**
 * Folders that were of use: each is removed when it has been of none for `gcDelay`, sooner where the disk is full beyond `gcDiskHeadroom`
 * (docs/sandbox.md of Mesos). Looked at each `diskWatchInterval`, where Mesos has a timer for each folder.
 */
export class Garbage {
  /** Milliseconds since the epoch from when on a folder is of no use, by its path. */
  readonly #waiting = new Map<string, number>();
  readonly #workDir: string;
  readonly #flags: AgentFlags;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #diskUsage: (path: string) => Promise<number>;
  #timer: Timer | undefined;
  succeeded = 0;
  failed = 0;
  /** How old a folder may become as the disk was full when it was looked at last, in milliseconds. */
  longestAge: number;

  constructor(options: {
    workDir: string;
    flags: AgentFlags;
    clock: Clock;
    logger: Logger;
    /** How full the disk is that has a folder, from 0 to 1. */
    diskUsage?: (path: string) => Promise<number>;
  }) {
    this.#workDir = options.workDir;
    this.#flags = options.flags;
    this.#clock = options.clock;
    this.#log = options.logger;
    this.#diskUsage = options.diskUsage ?? diskUsage;
    this.longestAge = this.#ageAt(0);
  }

  get pending(): number {
    return this.#waiting.size;
  }

  schedule(path: string, since = this.#clock.now()): void {
    this.#waiting.set(path, since);
    const { gcDelay, diskWatchInterval } = this.#flags;
    this.#timer ??= every(this.#clock, Math.min(gcDelay, diskWatchInterval), () => void this.#sweep());
  }

  /** A folder is of use again. */
  keep(path: string): void {
    this.#waiting.delete(path);
  }

  /** What agents before this one left, of themselves and of executors that do not run any more. */
  scheduleLeftovers(agentId: string, sandboxes: readonly string[]): void {
    const isUsed = (path: string): boolean => sandboxes.some((sandbox) => sandbox.startsWith(`${path}/`));
    const old = (path: string): void => this.schedule(path, statSync(path).mtimeMs);
    const agents = join(this.#workDir, 'slaves');
    for (const agent of foldersIn(agents)) if (agent !== join(agents, agentId)) old(agent);
    for (const framework of foldersIn(join(agents, agentId, 'frameworks'))) {
      if (!isUsed(framework)) old(framework);
      else for (const executor of foldersIn(join(framework, 'executors'))) if (!isUsed(executor)) old(executor);
    }
  }

  close(): void {
    this.#timer?.cancel();
    this.#waiting.clear();
  }

  #ageAt(usage: number): number {
    return this.#flags.gcDelay * Math.max(0, 1 - this.#flags.gcDiskHeadroom - usage);
  }

  async #sweep(): Promise<void> {
    this.longestAge = this.#ageAt(await this.#diskUsage(this.#workDir));
    const limit = this.#clock.now() - Math.min(this.longestAge, this.#flags.gcDelay);
    const due = [...this.#waiting].filter(([, since]) => since <= limit);
    for (const [path] of due) {
      // Of use again meanwhile, or this agent has ended.
      if (!this.#waiting.delete(path)) continue;
      try {
        // At once out of the way of who makes one of that name while this one is removed.
        renameSync(path, `${path}.removed`);
        await rm(`${path}.removed`, { recursive: true });
        this.succeeded += 1;
      } catch (error) {
        this.failed += 1;
        this.#log.warn({ path, err: error }, 'a folder of no use could not be removed');
      }
    }
    if (this.#waiting.size > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}

async function diskUsage(path: string): Promise<number> {
  try {
    const { bavail, blocks } = await statfs(path);
    return 1 - bavail / blocks;
  } catch {
    // A work directory that somebody removed fills no disk.
    return 0;
  }
}

function foldersIn(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [join(path, entry.name)] : [],
    );
  } catch {
    return [];
  }
}
