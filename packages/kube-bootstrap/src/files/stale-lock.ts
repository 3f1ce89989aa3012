import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { codeOf } from '../thrown.js';

/** Removing takes far less: a guard this old was left by a process that was killed while it held it. Milliseconds. */
const GUARD_LIFE = 5_000;

/** Whether a process of this machine lives. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user lives too.
    return codeOf(error) === 'EPERM';
  }
}

/**
 * Removes a lock file whose holder is no more, if it still holds `content`. One process at a time does so, behind a guard file: otherwise
 * a second one, that had read the same content, would remove the lock of whoever came in between. When the guard is taken, nothing is done:
 * the caller looks again.
 */
export async function removeStaleLock(path: string, content: string): Promise<void> {
  const guard = `${path}.takeover`;
  try {
    await writeFile(guard, '', { flag: 'wx', mode: 0o600 });
  } catch {
    const made = await stat(guard).catch(() => undefined);
    if (made && Date.now() - made.mtimeMs > GUARD_LIFE) await rm(guard, { force: true });
    return;
  }
  try {
    if ((await readFile(path, 'utf8').catch(() => undefined)) === content) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}
