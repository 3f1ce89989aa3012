import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { RUN, TASK } from '../markers.js';

/** A living process of a task or an executor of this run. */
export interface MarkedProcess {
  readonly pid: number;
  /** Absent for an executor. */
  readonly task: string | undefined;
  /** Sandbox, and so whose agent it runs under. */
  readonly sandbox: string;
}

/** Whether this system tells the environment of processes (proc(5)). */
export const canSeeProcesses = existsSync('/proc/self/environ');

/** Every process that carries the mark of a run, whoever its parent is. Those that have ended and were not waited for do not count. */
export function findMarked(run: string): MarkedProcess[] {
  if (!canSeeProcesses) return [];
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    const variables = environmentOf(name);
    if (variables.get(RUN) !== run) return [];
    return [{ pid: Number(name), task: variables.get(TASK), sandbox: variables.get('MESOS_SANDBOX') ?? '' }];
  });
}

function environmentOf(pid: string): Map<string, string> {
  try {
    const pairs = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    return new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
  } catch {
    // It has just ended, or is somebody else's.
    return new Map();
  }
}
