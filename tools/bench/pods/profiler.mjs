import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** What Node has to be told so that a process can be profiled into a folder. */
export function profilerOptions(directory) {
  mkdirSync(directory, { recursive: true });
  const module = new URL('profiled.mjs', import.meta.url);
  module.searchParams.set('directory', resolve(directory));
  return [`--import=${module}`];
}

/** Profiles processes while `work` is done, into `LABEL-PID.cpuprofile` of the folder. */
export async function profile(directory, pids, label, work) {
  const path = (pid, ending) => join(directory, `${pid}.${ending}`);
  const turn = async (running) => {
    for (const pid of pids) process.kill(pid, 'SIGUSR2');
    for (const pid of pids)
      while (existsSync(path(pid, 'running')) !== running) {
        // Throws when the process is gone.
        process.kill(pid, 0);
        await delay(20);
      }
  };
  await turn(true);
  const result = await work();
  await turn(false);
  for (const pid of pids) renameSync(path(pid, 'cpuprofile'), join(directory, `${label}-${pid}.cpuprofile`));
  return result;
}
