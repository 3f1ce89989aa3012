import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ClusterError, messageOf, systemCode } from '../errors.js';
import { identifyProcess, isAlive, type ProcessIdentity } from './process.js';

/**
 * Takes the cluster's lock; the returned function gives it back. A lock whose owner has died is taken over.
 * Throws `Busy` while another process holds it, `StateUnwritable` where the folder cannot be written.
 */
export function acquireLock(path: string, clusterName: string): () => void {
  const own = `${path}.${process.pid}`;
  for (;;) {
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      // A link appears with its content, so nobody reads a lock that is still empty.
      writeFileSync(own, JSON.stringify(identifyProcess(process.pid)), { mode: 0o600 });
      linkSync(own, path);
      rmSync(own, { force: true });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') {
        throw new ClusterError(
          'StateUnwritable',
          `cannot write the cluster's folder ${dirname(path)}: ${messageOf(error)}; make it writable, or name another folder in KMD_HOME`,
          { cause: error },
        );
      }
    }
    rmSync(own, { force: true });
    const owner = readOwner(path);
    if (owner && isAlive(owner)) {
      throw new ClusterError(
        'Busy',
        `another kmd (process ${owner.pid}) is changing cluster "${clusterName}": wait until it is done, then try again`,
      );
    }
    rmSync(path, { force: true });
  }
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
