import { randomInt, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, removeStaleLock } from '../files/stale-lock.js';
import { codeOf, messageOf } from '../thrown.js';
import { KubeconfigError } from './errors.js';

export interface LockOptions {
  signal?: AbortSignal | undefined;
  /** How long to try, in milliseconds. */
  patience?: number | undefined;
  /** When the lock is still there after `patience`: it is taken to be left over by a program that died, and broken. */
  forceUnlock?: boolean | undefined;
}

const PATIENCE = 10_000;
/**
 * client-go says nothing of the holder in its locks, and holds one for a few milliseconds: one this old was left by a program that died, for kubectl to fail on
 * for ever. Milliseconds.
 */
const STALE = 10 * 60_000;
/** Upper bounds of the pauses between tries, in milliseconds: a holder needs a few. */
const PAUSE = { first: 10, max: 250 };

/**
 * Runs `action` while holding client-go's lock of every file: `FILE.lock`, created exclusively. In the order of their names, as client-go
 * takes them, so that two who want the same ones cannot wait for each other.
 */
export async function withLocks<T>(
  paths: readonly string[],
  options: LockOptions,
  action: () => Promise<T>,
): Promise<T> {
  const [path, ...others] = [...paths].sort();
  if (path === undefined) return action();
  const lock = `${path}.lock`;
  await acquire(lock, path, options);
  try {
    return await withLocks(others, options, action);
  } finally {
    await rm(lock, { force: true });
  }
}

/** Whether somebody holds a file's lock right now. */
export const isLocked = (path: string): Promise<boolean> =>
  stat(`${path}.lock`).then(
    () => true,
    () => false,
  );

async function acquire(lock: string, path: string, options: LockOptions): Promise<void> {
  const { signal, patience = PATIENCE } = options;
  let force = options.forceUnlock === true;
  let deadline = Date.now() + patience;
  for (let bound = PAUSE.first; ; bound = Math.min(bound * 2, PAUSE.max)) {
    signal?.throwIfAborted();
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o755 });
      await create(lock);
      return;
    } catch (cause) {
      const code = codeOf(cause);
      if (code !== 'EEXIST') throw unwritable(path, cause);
      await removeLeftover(lock);
      if (Date.now() >= deadline) {
        if (!force) throw await locked(lock, path, cause);
        // Once only: whoever takes it now lives.
        force = false;
        deadline = Date.now() + patience;
        await rm(lock, { force: true });
        continue;
      }
    }
    await sleep(randomInt(1, bound + 1), undefined, { ...(signal && { signal }) }).catch(() => undefined);
  }
}

/** The holder, for a later one to see that he is no more; client-go leaves its locks empty, and reads none. */
const holder = () => `kmd ${process.pid} ${hostname()}\n`;

/** Creates the lock with its content at once: written beside it and linked. Throws EEXIST where there is one. */
async function create(lock: string): Promise<void> {
  const own = `${lock}.${randomUUID()}`;
  await writeFile(own, holder(), { flag: 'wx', mode: 0o600 });
  try {
    await link(own, lock);
  } finally {
    await rm(own, { force: true });
  }
}

/** Removes the lock of one of our own processes, on this machine, that was killed while it held it; and an old one that names nobody. */
async function removeLeftover(lock: string): Promise<void> {
  const content = await readFile(lock, 'utf8').catch(() => undefined);
  if (content === undefined) return;
  const [, pid, host] = /^kmd (\d+) (\S+)\n$/.exec(content) ?? [];
  const isLeft =
    content === ''
      ? Date.now() - ((await madeAt(lock)) ?? Infinity) > STALE
      : pid !== undefined && host === hostname() && !isAlive(Number(pid));
  if (isLeft) await removeStaleLock(lock, content);
}

/** Milliseconds since 1970; undefined when it is gone. */
const madeAt = (lock: string): Promise<number | undefined> =>
  stat(lock).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );

async function locked(lock: string, path: string, cause: unknown): Promise<KubeconfigError> {
  const made = await madeAt(lock);
  const age = made === undefined ? 'just now gone' : `${describeAge(Date.now() - made)} old`;
  return new KubeconfigError(
    'KUBECONFIG_LOCKED',
    `${path} is locked by ${lock} (${age}): another program is changing it; if none is, delete the lock and try again`,
    { path, cause },
  );
}

function describeAge(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

export function unwritable(path: string, cause: unknown): KubeconfigError {
  const detail = messageOf(cause);
  return new KubeconfigError(
    'KUBECONFIG_UNWRITABLE',
    `${path} cannot be written (${detail}): make it writable, or choose another kubeconfig file`,
    { path, cause },
  );
}
