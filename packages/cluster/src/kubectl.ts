import { delimiter, join } from 'node:path';
import type { Environment } from './environment.js';
import { ClusterError } from './errors.js';
import { isExecutable } from './executable.js';
import { notRunning } from './state/not-running.js';
import { clusterPaths, type ClusterPaths, kmdHome } from './state/paths.js';
import { isAlive } from './state/process.js';
import { type ClusterRecord, readRecord } from './state/record.js';

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
  // An engine is not asked: whoever wants the API server notices at once when it is not there.
  const isGone = record?.phase === 'stopped' || (record?.runtime === 'embedded' && !isAlive(record.process));
  if (!record || isGone) throw notRunning(name, record);
  return { ...paths, record };
}
