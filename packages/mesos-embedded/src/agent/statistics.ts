import { scalarOf, type Resource } from '@kmd/mesos-client';

import { everyProcess, statFields } from './process-facts.js';

/** Clock ticks of the kernel in a second; 100 on every Linux that Node runs on. */
const ticks = 100;
const pageSize = 4096;

/** What a process uses: times in seconds, resident bytes. */
interface Usage {
  readonly parent: number;
  readonly user: number;
  readonly system: number;
  readonly rss: number;
}

/** Every process of the machine at one moment, by pid. Empty where there is no /proc. */
export type ProcessTable = ReadonlyMap<number, Usage>;

export function processTable(): ProcessTable {
  const table = new Map<number, Usage>();
  for (const pid of everyProcess()) {
    const fields = statFields(pid);
    if (fields === undefined) continue;
    const field = (index: number): number => Number(fields[index] ?? 0);
    table.set(Number(pid), {
      parent: field(1),
      user: field(11) / ticks,
      system: field(12) / ticks,
      rss: field(21) * pageSize,
    });
  }
  return table;
}

/** What a container uses and may use, as the posix isolators of Mesos measure it: its process and all below that. */
export function statisticsOf(
  now: number,
  pid: number | undefined,
  resources: readonly Resource[],
  table: ProcessTable,
): object {
  const cpus = scalarOf(resources, 'cpus');
  const mem = scalarOf(resources, 'mem');
  const limit = mem === undefined ? undefined : Math.round(mem * 1024 * 1024);
  const usage = pid === undefined ? undefined : usageOf(pid, table);
  return {
    timestamp: now,
    ...(usage === undefined ? {} : { cpus_user_time_secs: usage.user, cpus_system_time_secs: usage.system }),
    ...(cpus === undefined ? {} : { cpus_soft_limit: cpus }),
    ...(limit === undefined ? {} : { mem_limit_bytes: limit, mem_soft_limit_bytes: limit }),
    ...(usage === undefined ? {} : { mem_rss_bytes: usage.rss }),
  };
}

/** The sum over a process and its descendants; undefined where it is not there. */
function usageOf(root: number, table: ProcessTable): Omit<Usage, 'parent'> | undefined {
  if (!table.has(root)) return undefined;
  const members = new Set([root]);
  for (let grown = true; grown;) {
    const before = members.size;
    for (const [pid, { parent }] of table) if (members.has(parent)) members.add(pid);
    grown = members.size > before;
  }
  const all = [...members].flatMap((pid) => table.get(pid) ?? []);
  const sum = (key: 'user' | 'system' | 'rss'): number => all.reduce((total, usage) => total + usage[key], 0);
  const hundredths = (seconds: number): number => Math.round(seconds * ticks) / ticks;
  return { user: hundredths(sum('user')), system: hundredths(sum('system')), rss: sum('rss') };
}
