import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user lives too.
    return codeOf(error) === 'EPERM';
  }
}

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
      if (!Number.isSafeInteger(pid) || pid <= 0 || !isAlive(pid)) await takeAway(path, holder);
      else if (Date.now() >= deadline) throw onBusy(pid);
      else await sleep(pause);
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

/** Removes the lock of a process that is no more. Another may do so at this moment and hold it already: his is put back. */
async function takeAway(path: string, stale: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) !== stale) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}
