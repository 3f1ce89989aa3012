import { up } from '@kmd/compose-runner';
import { ClusterError, messageOf } from '../errors.js';
import type { ClusterPaths } from '../state/paths.js';
import type { DockerRecord } from '../state/record.js';
import type { Topology } from '../up/plan.js';
import { openEngine } from './engine.js';
import { projectForEngine } from './project.js';

/** Adds and removes agents' containers; no other container is touched. */
export async function scaleDocker(
  record: DockerRecord,
  paths: ClusterPaths,
  topology: Topology,
  signal: AbortSignal,
): Promise<void> {
  const engine = openEngine(record.engine);
  try {
    const project = projectForEngine(topology.project, { name: record.name, home: paths.home });
    await up(engine, project, { signal, recreate: 'never', services: ['mesosslave'] });
  } catch (error) {
    signal.throwIfAborted();
    throw new ClusterError('StartFailed', `the agents cannot be scaled: ${messageOf(error)}`, { cause: error });
  } finally {
    engine.close();
  }
}
