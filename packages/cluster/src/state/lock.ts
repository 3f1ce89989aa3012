import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ClusterError, messageOf, systemCode } from '../errors.js';
import { identifyProcess, isAlive, type ProcessIdentity } from './process.js';

/**
 * Takes the cluster's lock; the returned function gives it back. A lock whose owner has died is taken over.
 * Throws `Busy` while another process holds it, `StateUnwritable` where the folder cannot be written.
 */
export function acquireLock(path: string, clusterName: string): () => void {
  const own = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // A link appears with its content, so nobody reads a lock that is still empty.
    writeFileSync(own, JSON.stringify(identifyProcess(process.pid)), { mode: 0o600 });
  } catch (error) {
    throw unwritable(path, error);
  }
  try {
    while (!tryLink(own, path)) {
      const owner = readOwner(path);
      if (owner && isAlive(owner)) {
        throw new ClusterError(
          'Busy',
          `another kmd (process ${owner.pid}) is changing cluster "${clusterName}": wait until it is done, then try again`,
        );
      }
      removeStale(path, owner);
    }
  } finally {
    rmSync(own, { force: true });
  }
  return () => rmSync(path, { force: true });
}

/**
 * Removes the lock of a process that is no more, one process at a time (behind a guard file): a second one that saw the same dead owner
 * would otherwise remove the lock of whoever came in between.
 */
function removeStale(path: string, seen: ProcessIdentity | undefined): void {
  const guard = `${path}.takeover`;
  try {
    writeFileSync(guard, '', { flag: 'wx', mode: 0o600 });
  } catch {
    const made = statSync(guard, { throwIfNoEntry: false });
    // Left by a process that was killed in the microseconds that this takes.
    if (made && Date.now() - made.mtimeMs > 5_000) rmSync(guard, { force: true });
    return;
  }
  try {
    const owner = readOwner(path);
    if (owner?.pid === seen?.pid && owner?.started === seen?.started) rmSync(path, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

/** `false`: there is such a file already. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw unwritable(to, error);
  }
}

function unwritable(path: string, error: unknown): ClusterError {
  return new ClusterError(
    'StateUnwritable',
    `cannot write the cluster's folder ${dirname(path)}: ${messageOf(error)}; make it writable, or name another folder in KMD_HOME`,
    { cause: error },
  );
}

function readOwner(path: string): ProcessIdentity | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value !== 'object' || value === null || !('pid' in value) || typeof value.pid !== 'number')
      return undefined;
    return 'started' in value && typeof value.started === 'string'
      ? { pid: value.pid, started: value.started }
      : { pid: value.pid };
  } catch {
    return undefined;
  }
}
