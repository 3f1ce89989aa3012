import { type DockerEngine, up } from '@kmd/compose-runner';
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
    const before = await volumesOf(engine, record.project, signal);
    await up(engine, project, { signal, recreate: 'never', services: ['mesosslave'] });
    const still = new Set(await volumesOf(engine, record.project, signal));
    for (const volume of before.filter((name) => !still.has(name))) await engine.removeVolume(volume, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw new ClusterError('StartFailed', `the agents cannot be scaled: ${messageOf(error)}`, { cause: error });
  } finally {
    engine.close();
  }
}

/** Volumes without a name of their own, as that of the Docker inside each agent is: they go with their container. */
async function volumesOf(engine: DockerEngine, project: string, signal: AbortSignal): Promise<string[]> {
  const containers = await engine.containers([`com.docker.compose.project=${project}`], { signal });
  return containers.flatMap(({ mounts }) =>
    mounts.flatMap(({ name = '' }) => (/^[0-9a-f]{64}$/.test(name) ? [name] : [])),
  );
}
