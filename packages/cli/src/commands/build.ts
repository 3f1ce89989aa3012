import { buildImages, type ImageName, imageNames } from '@kmd/cluster';
import { exitCodes } from '../exit-code.js';
import { showWork, type WorkFlags } from '../output/work.js';
import type { Streams } from '../streams.js';

export interface BuildFlags extends WorkFlags {
  kubeBinaries?: string;
  /** False with `--no-cache`. */
  cache: boolean;
  pull?: boolean;
  dryRun?: boolean;
}

/** What became of an image. */
const sayings = { built: 'was built', kept: 'is up to date', planned: 'would be built' };

export async function build(images: readonly string[], flags: BuildFlags, streams: Streams): Promise<number> {
  const names = readNames(images);
  if (names === undefined) {
    streams.stderr.write(`kmd: there is no image of that name: give ${imageNames.join(', ')} or all\n`);
    return exitCodes.usage;
  }
  return showWork(
    flags,
    streams,
    async (view) => ({
      images: await buildImages({
        names,
        noCache: !flags.cache,
        pull: flags.pull,
        dryRun: flags.dryRun,
        kubeBinaries: flags.kubeBinaries,
        environment: streams.environment,
        signal: streams.signal,
        onProgress: view.listener,
      }),
    }),
    ({ images: built }) => built.map(({ tag, base, result }) => `${tag} ${sayings[result]}, from ${base}`).join('\n'),
  );
}

/** All without a name; undefined where one is none. */
function readNames(images: readonly string[]): readonly ImageName[] | undefined {
  if (images.length === 0 || images.includes('all')) return imageNames;
  const found = imageNames.filter((name) => images.includes(name));
  return found.length === new Set(images).size ? found : undefined;
}
