import { chownSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { basename, join } from 'node:path';

import type { CommandInfo } from '@kmd/mesos-client';

import type { Exit, Launched } from './launcher.js';
import { killGroup } from './launcher.js';
import { groupRunsIn, isRunning, sandboxOf, startTime } from './process-facts.js';

/**
 * A small shell that stands between an agent and a command which shall outlive it, as mesos-containerizer does: it leads the process
 * group, writes down its pid before anything else, and how the command ended afterwards. A shell says something of a command that a
 * signal ended, but for SIGINT and SIGPIPE, and nothing of one that exits with 128 and more: that tells them apart (dash, bash).
 */
const script = `d=$1; shift
trap : HUP INT QUIT TERM USR1 USR2 ALRM
echo $$ > "$d/pid"
[ ! -e "$d/abandoned" ] || exit 125
exec 3>&2 2> "$d/notice"
/bin/sh -c 'exec "$@" 2>&3 3>&-' sh "$@"
s=$?
if [ -s "$d/notice" ] && [ "$s" -gt 128 ]; then echo "signal $((s - 128))"; else echo "exit $s"; fi > "$d/exit"
exit "$s"`;

/** How often an agent looks whether a process that is not its child has ended, in milliseconds: the system tells nobody else. */
const lookInterval = 100;

/** The command that runs another one and writes into `folder` what becomes of it. */
export function witnessed(command: CommandInfo, folder: string, owner?: { uid: number; gid: number }): CommandInfo {
  mkdirSync(folder, { recursive: true });
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid);
  const words =
    command.shell === false ? [program(command, folder), ...(command.arguments ?? []).slice(1)] : shell(command);
  return { shell: false, value: '/bin/sh', arguments: ['sh', '-c', script, 'sh', folder, ...words] };
}

function shell({ value = '' }: CommandInfo): string[] {
  return ['/bin/sh', '-c', value];
}

/** A program that is to be called by another name is called through a link of that name. */
function program({ value = '', arguments: words = [] }: CommandInfo, folder: string): string {
  const name = basename(words[0] ?? value);
  if (name === basename(value) || name === '' || !value.includes('/')) return value;
  const link = join(folder, name);
  if (!existsSync(link)) symlinkSync(value, link);
  return link;
}

/** How a command ended, as its witness wrote it down; undefined where it has not. */
export function readExit(folder: string): Exit | undefined {
  const [, kind, number] = /^(exit|signal) (\d+)\n$/.exec(read(join(folder, 'exit')) ?? '') ?? [];
  if (kind === undefined) return undefined;
  return kind === 'exit' ? { code: Number(number), signal: null } : { code: null, signal: signalOf(Number(number)) };
}

function signalOf(number: number): NodeJS.Signals {
  for (const [name, value] of Object.entries(constants.signals)) if (value === number) return name as NodeJS.Signals;
  return 'SIGKILL';
}

/** What an earlier agent knew of a process it had started. */
export interface LeftProcess {
  readonly folder: string;
  readonly sandbox: string;
  /** Absent where that agent was killed before it could write it down. */
  readonly pid?: number | undefined;
  readonly started?: string | undefined;
}

/**
 * Takes over a process that an earlier agent started. It may have ended meanwhile. Undefined where it was never started, and, from
 * now on, never will be.
 */
export function takeOver(left: LeftProcess): Launched | undefined {
  let { pid, started } = left;
  if (pid === undefined) {
    // A witness that comes late reads this after it wrote its pid, this agent looks for the pid after it wrote this: one sees the other.
    mkdirSync(left.folder, { recursive: true });
    writeFileSync(join(left.folder, 'abandoned'), '');
    pid = Number(read(join(left.folder, 'pid')) ?? 0);
    if (pid <= 1) return undefined;
    started = sandboxOf(String(pid)) === left.sandbox ? startTime(pid) : undefined;
  }
  return follow(pid, started, left);
}

function follow(pid: number, started: string | undefined, { folder, sandbox }: LeftProcess): Launched {
  let timer: NodeJS.Timeout | undefined;
  const exited = new Promise<Exit>((resolve) => {
    const look = (): void => {
      const running = isRunning(pid, started);
      const exit = readExit(folder) ?? (running ? undefined : { code: null, signal: 'SIGKILL' as const });
      if (exit === undefined) {
        timer = setTimeout(look, lookInterval).unref();
        return;
      }
      // What the command left behind ends with it; the group may be that of others by now.
      if (running || groupRunsIn(pid, sandbox)) killGroup(pid, 'SIGKILL');
      resolve(exit);
    };
    look();
  });
  return {
    pid,
    exited,
    kill: (signal) => {
      if (isRunning(pid, started)) killGroup(pid, signal);
    },
    letGo: () => {
      clearTimeout(timer);
    },
  };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
