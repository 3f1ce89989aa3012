import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach } from 'vitest';

import { startMesos, type Mesos, type MesosOptions } from '../src/index.js';

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Runs at the end of the test, last come first. */
export function atEnd(cleanup: () => Promise<void>): void {
  cleanups.push(cleanup);
}

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mesos-embedded-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export const oneAgent = { resources: 'cpus:4;mem:1256;disk:12288;ports:[31000-32000]', hostname: 'agent1' };

/** A cluster that is gone after the test; one agent unless asked for others. */
export async function cluster(options: Partial<MesosOptions> = {}): Promise<Mesos & { workDir: string }> {
  const workDir = options.workDir ?? (await temporaryFolder());
  const mesos = await startMesos({ agents: [oneAgent], ...options, workDir });
  atEnd(() => mesos.close());
  return { ...mesos, workDir };
}

/** Whether a process lives; a negative number asks for any member of that process group. Zombies do not count. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const members = pid < 0 ? processes().filter((one) => statOf(one)[2] === String(-pid)) : [String(pid)];
  return members.some((one) => statOf(one)[0] !== 'Z');
}

function processes(): string[] {
  return existsSync('/proc/self/stat') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
}

/** State, parent, group … of a process, where the system says so. */
function statOf(pid: string): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return existsSync('/proc/self/stat') ? ['Z'] : ['?'];
  }
}
