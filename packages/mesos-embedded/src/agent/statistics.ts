import { readFileSync } from 'node:fs';

import { scalarOf, type Resource } from '@kmd/mesos-client';

/** Clock ticks of the kernel in a second; 100 on every Linux that Node runs on. */
const ticks = 100;
const pageSize = 4096;

/** What a container uses and may use, as the posix isolators of Mesos measure it. */
export function statisticsOf(now: number, pid: number | undefined, resources: readonly Resource[]): object {
  const cpus = scalarOf(resources, 'cpus');
  const mem = scalarOf(resources, 'mem');
  const limit = mem === undefined ? undefined : Math.round(mem * 1024 * 1024);
  const usage = pid === undefined ? undefined : usageOf(pid);
  return {
    timestamp: now,
    ...(usage === undefined ? {} : { cpus_user_time_secs: usage.user, cpus_system_time_secs: usage.system }),
    ...(cpus === undefined ? {} : { cpus_soft_limit: cpus }),
    ...(limit === undefined ? {} : { mem_limit_bytes: limit, mem_soft_limit_bytes: limit }),
    ...(usage === undefined ? {} : { mem_rss_bytes: usage.rss }),
  };
}

/** Times in seconds and resident bytes of a process; undefined where /proc does not tell. */
function usageOf(pid: number): { user: number; system: number; rss: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const field = (index: number): number => Number(fields[index] ?? 0);
    return { user: field(11) / ticks, system: field(12) / ticks, rss: field(21) * pageSize };
  } catch {
    return undefined;
  }
}
