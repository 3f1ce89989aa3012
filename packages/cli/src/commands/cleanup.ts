import { cleanUp } from '@kmd/cluster';
import { exitCodes } from '../exit-code.js';
import type { Streams } from '../streams.js';

export interface CleanupFlags {
  dryRun?: boolean;
  images?: boolean;
  json?: boolean;
}

export async function cleanup(flags: CleanupFlags, streams: Streams): Promise<number> {
  const { dryRun, images } = flags;
  const leftovers = await cleanUp({ dryRun, images, environment: streams.environment, signal: streams.signal });
  if (flags.json) {
    streams.stdout.write(`${JSON.stringify(leftovers, null, 2)}\n`);
    return exitCodes.ok;
  }
  for (const { kind, name, cluster } of leftovers) {
    const of = cluster === undefined ? '' : ` of cluster "${cluster}"`;
    streams.stdout.write(`${dryRun ? 'Would remove' : 'Removed'} ${kind} ${name}${of}\n`);
  }
  if (leftovers.length === 0) streams.stdout.write('Nothing of kmd is left over on the engine.\n');
  return exitCodes.ok;
}
