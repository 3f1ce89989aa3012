import { isAlive } from './process.js';
import type { ClusterRecord } from './record.js';

/** Whether anything of the cluster runs: its background process, or a container on the engine that it was made on. */
export async function isRunning(record: ClusterRecord): Promise<boolean> {
  if (record.runtime === 'embedded') return isAlive(record.process);
  const { countRunning } = await import('../docker/services.js');
  return (await countRunning(record)) > 0;
}
