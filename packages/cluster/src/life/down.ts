import { rmSync } from 'node:fs';
import type { Environment } from '../environment.js';
import { forgetContext } from '../kubernetes/context.js';
import { StepRecorder, type ProgressListener } from '../progress.js';
import { acquireLock } from '../state/lock.js';
import type { ClusterPaths } from '../state/paths.js';
import { type ClusterRecord, readRecord } from '../state/record.js';

export interface DownResult {
  /** `none`: there was no such cluster, and nothing was changed. */
  result: 'stopped' | 'none';
}

/** Stops everything of a cluster and takes its context out of the kubeconfig. Keys and logs stay. */
export async function takeDown(
  paths: ClusterPaths,
  name: string,
  options: { environment: Environment; onProgress?: ProgressListener | undefined },
): Promise<DownResult> {
  if (!readRecord(paths)) return { result: 'none' };
  const unlock = acquireLock(paths.lock, name);
  try {
    const record = readRecord(paths);
    if (!record) return { result: 'none' };
    const steps = new StepRecorder(options.onProgress);
    await steps.run('stop', 'Stop the cluster', async ({ waitingFor, detail }) => {
      waitingFor('the services to stop');
      const said = await removeServices(record, paths, options.environment);
      if (said !== undefined) detail(said);
    });
    const { kubeconfig } = record;
    if (kubeconfig) {
      await steps.run('kubeconfig', `Remove context ${kubeconfig.context} from the kubeconfig`, () =>
        forgetContext(kubeconfig, options.environment),
      );
    }
    for (const path of [paths.mesos, paths.journal]) rmSync(path, { recursive: true, force: true });
    for (const path of [paths.kubeconfig, paths.topology, paths.state]) rmSync(path, { force: true });
    return { result: 'stopped' };
  } finally {
    unlock();
  }
}

async function removeServices(
  record: ClusterRecord,
  paths: ClusterPaths,
  environment: Environment,
): Promise<string | undefined> {
  if (record.runtime === 'embedded') {
    const { stopEmbedded } = await import('../embedded/stop.js');
    return stopEmbedded(record, paths);
  }
  const { removeDocker } = await import('../docker/stop.js');
  const dumped = await removeDocker(record, paths, environment['MESOS_DOCKER_DUMP_LOGS'] === 'true');
  return dumped.length === 0 ? undefined : `logs of ${dumped.length} containers are in ${paths.log}`;
}
