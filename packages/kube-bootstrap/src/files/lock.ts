import { randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../thrown.js';
import { isAlive, removeStaleLock } from './stale-lock.js';

/**
 * Runs `action` while no other process runs one under the same lock: a file with the holder's process id, which is taken over when that process is no
 * more. Waits for `patience` milliseconds at most; answers with `onBusy` then, which is given the holder's id.
 */
export async function withLock<T>(
  path: string,
  patience: number,
  action: () => Promise<T>,
  onBusy: (pid: number) => Error,
): Promise<T> {
  const mine = `${process.pid} ${randomUUID()}\n`;
  const own = `${path}.${randomUUID()}`;
  const deadline = Date.now() + patience;
  // Written beside it and linked: a lock is never seen half written.
  await writeFile(own, mine, { mode: 0o600 });
  try {
    for (let pause = 2; ; pause = Math.min(pause * 2, 50)) {
      try {
        await link(own, path);
        break;
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
      }
      const holder = await readFile(path, 'utf8').catch((error: unknown) => {
        if (codeOf(error) === 'ENOENT') return undefined;
        throw error;
      });
      if (holder === undefined) continue;
      const pid = Number(holder.split(' ')[0]);
      if (!Number.isSafeInteger(pid) || pid <= 0 || !isAlive(pid)) await removeStaleLock(path, holder);
      else if (Date.now() >= deadline) throw onBusy(pid);
      await sleep(pause);
    }
  } finally {
    await rm(own, { force: true });
  }
  try {
    return await action();
  } finally {
    await rm(path, { force: true });
  }
}
