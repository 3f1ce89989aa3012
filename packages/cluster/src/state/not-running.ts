import { ClusterError } from '../errors.js';
import type { ClusterRecord } from './record.js';

/** Why a cluster that something is asked of cannot answer, and what to do: there is none of that name, or nothing of it runs. */
export function notRunning(name: string, record?: ClusterRecord): ClusterError {
  const option = name === 'local' ? '' : ` --name ${name}`;
  return new ClusterError(
    'NotRunning',
    record === undefined
      ? `there is no cluster "${name}": bring it up with kmd up${option}, or see kmd list`
      : record.phase === 'stopped'
        ? `cluster "${name}" was stopped: start it again with kmd start${option}`
        : `cluster "${name}" has stopped${record.runtime === 'embedded' ? ` (its process ${record.process.pid} is gone)` : ''}: bring it up again with kmd up${option}`,
  );
}
