import { readFileSync } from 'node:fs';

/** A process that can be told from a later one with the same id. */
export interface ProcessIdentity {
  pid: number;
  /** Start time in clock ticks since boot (`/proc/PID/stat`, field 22); absent where there is no /proc. */
  started?: string;
}

export function identifyProcess(pid: number): ProcessIdentity {
  const started = startTime(pid);
  return started === undefined ? { pid } : { pid, started };
}

export function isAlive(identity: ProcessIdentity): boolean {
  try {
    process.kill(identity.pid, 0);
  } catch (error) {
    // EPERM: it exists and belongs to somebody else.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  if (identity.started === undefined) return true;
  return startTime(identity.pid) === identity.started;
}

function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in parentheses and may hold spaces; a zombie (state Z) has ended.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
