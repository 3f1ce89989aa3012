import { openCluster } from '@kmd/cluster';
import { exitCodes } from '../exit-code.js';
import { modeOf, showProgress } from '../output/progress.js';
import type { LoadFlags } from '../program/images.js';
import type { Streams } from '../streams.js';

const isArchive = (name: string): boolean => /\.(tar|tar\.gz|tgz)$/.test(name);

export async function load(names: readonly string[], flags: LoadFlags, streams: Streams): Promise<number> {
  const view = showProgress(modeOf(flags, streams), streams);
  let results;
  try {
    results = await openCluster(flags.name, { environment: streams.environment }).loadImages({
      images: names.filter((name) => !isArchive(name)),
      archives: names.filter(isArchive),
      signal: streams.signal,
      onProgress: view.listener,
    });
  } finally {
    view.close();
  }
  if (flags.json) streams.stdout.write(`${JSON.stringify({ type: 'result', images: results })}\n`);
  else if (!flags.quiet) {
    for (const { agent, image, result } of results) {
      streams.stdout.write(`${agent}: ${image} ${result === 'kept' ? 'is there already' : 'was loaded'}\n`);
    }
  }
  return exitCodes.ok;
}
