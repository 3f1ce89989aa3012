import { StepRecorder, type ProgressListener } from '../progress.js';
import { acquireLock } from '../state/lock.js';
import { notRunning } from '../state/not-running.js';
import type { ClusterPaths } from '../state/paths.js';
import { readRecord, writeRecord } from '../state/record.js';

export interface StopResult {
  /** `already`: it was stopped before. */
  result: 'stopped' | 'already';
}

/** Stops a cluster so that it can be started again: its objects, keys, ports and context stay. Throws `NotRunning` where there is none. */
export async function stopCluster(
  paths: ClusterPaths,
  name: string,
  options: { onProgress?: ProgressListener | undefined } = {},
): Promise<StopResult> {
  const unlock = acquireLock(paths.lock, name);
  try {
    const record = readRecord(paths);
    if (!record) throw notRunning(name);
    if (record.phase === 'stopped') return { result: 'already' };
    const steps = new StepRecorder(options.onProgress);
    await steps.run('stop', 'Stop the cluster', async ({ waitingFor, detail }) => {
      waitingFor('the services to stop');
      if (record.runtime === 'docker') {
        const { stopDocker } = await import('../docker/stop.js');
        await stopDocker(record);
      } else {
        const { stopEmbedded } = await import('../embedded/stop.js');
        const said = await stopEmbedded(record, paths);
        if (said !== undefined) detail(said);
      }
    });
    writeRecord(paths, { ...record, phase: 'stopped' });
    return { result: 'stopped' };
  } finally {
    unlock();
  }
}
