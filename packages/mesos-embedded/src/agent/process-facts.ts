import { readdirSync, readFileSync } from 'node:fs';

/** What the kernel tells of processes (proc(5)). A system without /proc tells nothing: then `undefined`, or no process, is the answer. */

/** When a process started, in the kernel's own unit: with its pid that names it for good. Undefined where there is none. */
export function startTime(pid: number): string | undefined {
  return statFields(pid)?.[19];
}

/** Whether the process that had this pid then still runs; one that nobody has waited for does not. */
export function isRunning(pid: number, started: string | undefined): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const fields = statFields(pid);
  return fields === undefined ? started === undefined : fields[19] === started && fields[0] !== 'Z';
}

/** The fields of /proc/PID/stat from the third on; the second, the name, may hold anything. */
export function statFields(pid: number | string): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

export function everyProcess(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** The process group of a process, or undefined. */
export function groupOf(pid: string): string | undefined {
  return statFields(pid)?.[2];
}

/** The sandbox that a process was given in its environment, where it may be seen. */
export function sandboxOf(pid: string): string | undefined {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    return variables.find((text) => text.startsWith('MESOS_SANDBOX='))?.slice('MESOS_SANDBOX='.length);
  } catch {
    return undefined;
  }
}

/** Whether anything of a process group runs in a sandbox. */
export function groupRunsIn(group: number, sandbox: string): boolean {
  return everyProcess().some((pid) => groupOf(pid) === String(group) && sandboxOf(pid) === sandbox);
}
