import { type ContainerRow, ps } from '@kmd/compose-runner';
import type { ServiceStatus } from '../control/protocol.js';
import type { DockerRecord } from '../state/record.js';
import { openEngine } from './engine.js';
import { withoutProject } from './project.js';

/** Containers of the cluster that run; 0 where the engine does not answer. */
export async function countRunning(record: DockerRecord): Promise<number> {
  const engine = openEngine(record.engine);
  try {
    return (await ps(engine, record.project)).length;
  } catch {
    return 0;
  } finally {
    engine.close();
  }
}

/** Every container of the cluster as a service. Throws `EngineError` where the engine does not answer. */
export async function readServices(record: DockerRecord): Promise<ServiceStatus[]> {
  const engine = openEngine(record.engine);
  try {
    const rows = (await ps(engine, record.project, { all: true })).map((row) => toStatus(row, record.project));
    return rows.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  } finally {
    engine.close();
  }
}

/** A container that the engine has not looked at yet counts as healthy: it runs, and the other answers of the status say more. */
function toStatus(row: ContainerRow, project: string): ServiceStatus {
  const { name, state, health, status, ports } = row;
  const running = state === 'running';
  const published = ports.find((port) => port.published !== undefined);
  return {
    name: withoutProject(name, project),
    state: running ? 'running' : state === 'exited' ? 'stopped' : 'failed',
    healthy: running && health !== 'unhealthy',
    ...(published ? { address: `${published.host ?? '0.0.0.0'}:${published.published}` } : {}),
    detail: status,
  };
}
