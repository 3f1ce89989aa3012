import { endLeftovers } from '@kmd/mesos-embedded';
import { askShutdown } from '../control/client.js';
import { ClusterError } from '../errors.js';
import type { ClusterPaths } from '../state/paths.js';
import { isAlive, type ProcessIdentity } from '../state/process.js';
import type { EmbeddedRecord } from '../state/record.js';

/** Ends the background process and whatever its agents left over. Resolves to a line for the reader, where there is something to say. */
export async function stopEmbedded(record: EmbeddedRecord, paths: ClusterPaths): Promise<string | undefined> {
  const ran = isAlive(record.process);
  if (ran) await stopProcess(record);
  const ended = endLeftovers(paths.mesos).length;
  if (ended > 0) return `ended ${ended} process${ended === 1 ? '' : 'es'} that were left over`;
  return ran || record.phase === 'stopped' ? undefined : 'its background process had already ended';
}

/** Asks, then insists: the control door, SIGTERM, SIGKILL. */
async function stopProcess(record: EmbeddedRecord): Promise<void> {
  const heard = await askShutdown(record);
  if (heard && (await ends(record.process, 15_000))) return;
  signal(record.process, 'SIGTERM');
  if (await ends(record.process, 5_000)) return;
  signal(record.process, 'SIGKILL');
  if (await ends(record.process, 5_000)) return;
  throw new ClusterError(
    'Timeout',
    `process ${record.process.pid} of cluster "${record.name}" does not end, even by SIGKILL: end it yourself, then run kmd down again`,
  );
}

function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, name);
  } catch {
    // It ended in between.
  }
}

async function ends(identity: ProcessIdentity, within: number): Promise<boolean> {
  const deadline = Date.now() + within;
  while (isAlive(identity)) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}
