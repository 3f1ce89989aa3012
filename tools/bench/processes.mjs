import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Clock ticks a second of every Linux that Node runs on (proc(5)). */
const TICKS = 100;

/**
 * What processes took together: `computed`, milliseconds of processor time, in the kernel too; `resident` and `peak`, bytes of memory now and at the most,
 * each process's own peak added up. One that has ended counts nothing.
 */
export function measure(pids) {
  const sum = { computed: 0, resident: 0, peak: 0 };
  for (const pid of pids) {
    const stat = readStat(pid);
    const status = read(pid, 'status');
    if (stat === undefined || status === undefined) continue;
    const kilobytes = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0);
    sum.computed += ticks(stat[11], stat[12]);
    sum.resident += kilobytes('VmRSS') * 1024;
    sum.peak += kilobytes('VmHWM') * 1024;
  }
  return sum;
}

/** Milliseconds of processor time of the commands that this process has run and waited for. */
export const commandTime = () => {
  const stat = readStat('self') ?? [];
  return ticks(stat[13], stat[14]);
};

/** The processes that a process started and those that they started, whose parents all still run. */
export function descendantsOf(ancestor) {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), Number(readStat(name)?.[1])]),
  );
  const found = [ancestor];
  for (const known of found) for (const [pid, parent] of parents) if (parent === known) found.push(pid);
  return found.slice(1);
}

/** Rejects when one of the processes has ended, and when the signal says that nobody asks any more. */
export async function untilOneEnds(pids, signal) {
  const names = new Map(pids.map((pid) => [pid, read(pid, 'comm')?.trim() ?? `process ${pid}`]));
  for (;;) {
    await delay(500, undefined, { signal });
    const ended = pids.find((pid) => read(pid, 'comm') === undefined);
    if (ended !== undefined) throw new Error(`${names.get(ended)} has ended`);
  }
}

const ticks = (user, system) => ((Number(user) + Number(system)) / TICKS) * 1000;

/** The fields of `/proc/PID/stat` behind the name, which may hold anything. */
function readStat(pid) {
  const text = read(pid, 'stat');
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** A file of a process; nothing when it has ended. */
function read(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return undefined;
  }
}
