import { openCluster } from '@kmd/cluster';
import { showWork, type WorkFlags } from '../output/work.js';
import type { Streams } from '../streams.js';

export interface LoadFlags extends WorkFlags {
  name: string;
}

const isArchive = (name: string): boolean => /\.(tar|tar\.gz|tgz)$/.test(name);

export function loadImages(names: readonly string[], flags: LoadFlags, streams: Streams): Promise<number> {
  return showWork(
    flags,
    streams,
    async (view) => ({
      images: await openCluster(flags.name, { environment: streams.environment }).loadImages({
        images: names.filter((name) => !isArchive(name)),
        archives: names.filter(isArchive),
        signal: streams.signal,
        onProgress: view.listener,
      }),
    }),
    ({ images }) =>
      images
        .map(
          ({ agent, image, result }) => `${agent}: ${image} ${result === 'kept' ? 'is there already' : 'was loaded'}`,
        )
        .join('\n'),
  );
}
