import { delimiter, join } from 'node:path';
import { ClusterError } from './errors.js';
import { isExecutable } from './executable.js';
import { clusterPaths, type ClusterPaths, kmdHome } from './state/paths.js';
import { isAlive } from './state/process.js';
import { type ClusterRecord, readRecord } from './state/record.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The kubectl to run: `KUBECTL_PATH`, as in 2015, else the first on `PATH`. Throws `ToolMissing`. */
export function findKubectl(environment: Environment): string {
  const named = environment['KUBECTL_PATH'];
  if (named) {
    if (isExecutable(named)) return named;
    throw new ClusterError(
      'ToolMissing',
      `KUBECTL_PATH names ${named}, which is no program that can be run: mend or unset it`,
    );
  }
  for (const folder of (environment['PATH'] ?? '').split(delimiter)) {
    const path = join(folder || '.', process.platform === 'win32' ? 'kubectl.exe' : 'kubectl');
    if (isExecutable(path)) return path;
  }
  throw new ClusterError(
    'ToolMissing',
    'kubectl is not on PATH: install it (https://kubernetes.io/docs/tasks/tools), or name it in KUBECTL_PATH',
  );
}

/** Paths and record of a running cluster. Throws `NotRunning`. Reads files only, so that it costs nothing. */
export function requireCluster(environment: Environment, name: string): ClusterPaths & { record: ClusterRecord } {
  const paths = clusterPaths(kmdHome(environment), name);
  const record = readRecord(paths);
  const up = name === 'local' ? 'kmd up' : `kmd up --name ${name}`;
  if (!record) {
    throw new ClusterError('NotRunning', `there is no cluster "${name}": bring it up with ${up}, or see kmd list`);
  }
  if (record.phase === 'stopped') {
    const start = name === 'local' ? 'kmd start' : `kmd start --name ${name}`;
    throw new ClusterError('NotRunning', `cluster "${name}" was stopped: start it again with ${start}`);
  }
  // An engine is not asked: whoever wants the API server notices at once when it is not there.
  if (record.runtime === 'embedded' && !isAlive(record.process)) {
    throw new ClusterError(
      'NotRunning',
      `cluster "${name}" has stopped (its process ${record.process.pid} is gone): bring it up again with ${up}`,
    );
  }
  return { ...paths, record };
}
