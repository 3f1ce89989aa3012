import { down, type DockerEngine, stop } from '@kmd/compose-runner';
import { ClusterError, messageOf } from '../errors.js';
import type { ClusterPaths } from '../state/paths.js';
import type { DockerRecord } from '../state/record.js';
import { openEngine } from './engine.js';
import { dumpLogs } from './logs.js';

/** Seconds that containers get to end: nothing of them is needed again when they are removed. */
const patience = { stop: 10, remove: 3 };

/** Stops the containers; they stay, with all that is in them, to be started again. */
export async function stopDocker(record: DockerRecord): Promise<void> {
  await onEngine(record, (engine) => stop(engine, record.project, { stopTimeout: patience.stop }));
}

/** Removes the containers, the network and the volumes. With `dump` their logs are written into the cluster's folder first. */
export async function removeDocker(record: DockerRecord, paths: ClusterPaths, dump: boolean): Promise<string[]> {
  let dumped: string[] = [];
  await onEngine(record, async (engine) => {
    if (dump) dumped = await dumpLogs(engine, record.project, paths.log);
    await down(engine, record.project, { volumes: true, stopTimeout: patience.remove });
  });
  return dumped;
}

async function onEngine(record: DockerRecord, work: (engine: DockerEngine) => Promise<void>): Promise<void> {
  const engine = openEngine(record.engine);
  try {
    await work(engine);
  } catch (error) {
    throw new ClusterError(
      'RuntimeUnavailable',
      `the Docker Engine at ${record.engine} does not do it: ${messageOf(error)}; start it again, then repeat the command`,
      { cause: error },
    );
  } finally {
    engine.close();
  }
}
