import { openCluster } from '@kmd/cluster';
import { showWork } from '../output/work.js';
import type { Streams } from '../streams.js';
import type { LifeFlags } from './life.js';

export function down(flags: LifeFlags, streams: Streams): Promise<number> {
  return showWork(
    flags,
    streams,
    async ({ listener }) => {
      const { name } = flags;
      const { result } = await openCluster(name, { environment: streams.environment }).down({ onProgress: listener });
      return { result, name };
    },
    ({ result, name }) =>
      result === 'none'
        ? `There is no cluster "${name}": nothing to stop. kmd list shows what there is.`
        : `Cluster "${name}" is down.`,
  );
}
