import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';

import type { Logger } from '../logger.js';
import { killGroup } from './launcher.js';
import { everyProcess, groupOf, groupRunsIn, sandboxOf, startTime } from './process-facts.js';

/** What goes on under a new agent: process groups, and whatever runs in the sandboxes. */
export interface Kept {
  readonly pids: ReadonlySet<number>;
  readonly sandboxes: readonly string[];
}

const nothing: Kept = { pids: new Set(), sandboxes: [] };

/**
 * A folder with a small file for each living process of an agent, named after its pid. An agent that was killed leaves its files
 * behind; the next one on the same work directory ends what they name, but for what it takes over.
 */
export class ProcessRecords {
  readonly #workDir: string;
  readonly #folder: string;
  /** Whether an agent was here before. */
  readonly #used: boolean;

  constructor(workDir: string) {
    this.#workDir = workDir;
    this.#folder = join(workDir, 'processes');
    this.#used = existsSync(this.#folder);
    mkdirSync(this.#folder, { recursive: true });
  }

  add(pid: number, sandbox: string): void {
    writeFileSync(join(this.#folder, String(pid)), JSON.stringify({ started: startTime(pid), sandbox }));
  }

  remove(pid: number): void {
    rmSync(join(this.#folder, String(pid)), { force: true });
  }

  /** Ends the processes that an earlier agent left behind, whole groups, except those kept. Returns their pids. */
  endLeftovers(log: Logger, { pids: kept, sandboxes }: Kept = nothing): readonly number[] {
    if (!this.#used) return [];
    const ours = (sandbox = ''): boolean =>
      sandbox.startsWith(this.#workDir + sep) &&
      !sandboxes.some((one) => sandbox === one || sandbox.startsWith(one + sep));
    const ended = new Set<number>();
    const end = (pid: number): void => {
      killGroup(pid, 'SIGKILL');
      ended.add(pid);
      log.warn({ pid }, 'ended a process that an earlier agent left behind');
    };
    for (const name of readdirSync(this.#folder)) {
      const pid = Number(name);
      if (!Number.isInteger(pid) || pid <= 1 || kept.has(pid)) continue;
      if (this.#isOurs(pid)) end(pid);
      this.remove(pid);
    }
    // An agent may have been killed before it wrote down what it had started: the sandbox tells.
    for (const pid of everyProcess()) {
      const group = Number(groupOf(pid));
      if (kept.has(group) || ended.has(group) || !ours(sandboxOf(pid))) continue;
      end(group);
    }
    return [...ended];
  }

  #isOurs(pid: number): boolean {
    let record: { started?: unknown; sandbox?: unknown };
    try {
      record = JSON.parse(readFileSync(join(this.#folder, String(pid)), 'utf8')) as typeof record;
    } catch {
      return false;
    }
    const started = startTime(pid);
    if (started !== undefined) return started === record.started;
    // The leader is gone; what it started may live on in its group, and is known by its sandbox.
    return typeof record.sandbox === 'string' && groupRunsIn(pid, record.sandbox);
  }
}
