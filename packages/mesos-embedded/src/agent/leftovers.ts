import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Logger } from '../logger.js';
import { killGroup } from './launcher.js';

/**
 * A folder with a small file for each living process of an agent, named after its pid. An agent that was killed leaves its files
 * behind; the next one on the same work directory ends what they name.
 */
export class ProcessRecords {
  readonly #folder: string;

  constructor(workDir: string) {
    this.#folder = join(workDir, 'processes');
    mkdirSync(this.#folder, { recursive: true });
  }

  add(pid: number, sandbox: string): void {
    writeFileSync(join(this.#folder, String(pid)), JSON.stringify({ started: startTime(pid), sandbox }));
  }

  remove(pid: number): void {
    rmSync(join(this.#folder, String(pid)), { force: true });
  }

  /** Ends the processes that an earlier agent left behind, whole groups. Returns their pids. */
  endLeftovers(log: Logger): readonly number[] {
    const ended: number[] = [];
    for (const name of readdirSync(this.#folder)) {
      const pid = Number(name);
      if (!Number.isInteger(pid) || pid <= 1) continue;
      if (this.#isOurs(pid)) {
        killGroup(pid, 'SIGKILL');
        ended.push(pid);
        log.warn({ pid }, 'ended a process that an earlier agent left behind');
      }
      this.remove(pid);
    }
    return ended;
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

/** When a process started, in the kernel's own unit (proc(5), stat, field 22). Undefined where there is none, or no /proc. */
function startTime(pid: number): string | undefined {
  return statFields(pid)?.[19];
}

/** The fields of /proc/PID/stat from the third on; the second, the name, may hold anything. */
function statFields(pid: number | string): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function groupRunsIn(group: number, sandbox: string): boolean {
  let processes: string[];
  try {
    processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return false;
  }
  return processes.some((pid) => {
    if (statFields(pid)?.[2] !== String(group)) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`MESOS_SANDBOX=${sandbox}`);
    } catch {
      return false;
    }
  });
}
