import { buildImages, type ImageName, imageNames } from '@kmd/cluster';
import { exitCodes } from '../exit-code.js';
import { modeOf, showProgress } from '../output/progress.js';
import type { BuildFlags } from '../program/images.js';
import type { Streams } from '../streams.js';

export async function build(images: readonly string[], flags: BuildFlags, streams: Streams): Promise<number> {
  const names = readNames(images);
  if (names === undefined) {
    streams.stderr.write(`kmd: there is no image of that name: give ${imageNames.join(', ')} or all\n`);
    return exitCodes.usage;
  }
  const view = showProgress(modeOf(flags, streams), streams);
  let results;
  try {
    results = await buildImages({
      names,
      noCache: !flags.cache,
      pull: flags.pull,
      dryRun: flags.dryRun,
      kubeBinaries: flags.kubeBinaries,
      environment: streams.environment,
      signal: streams.signal,
      onProgress: view.listener,
    });
  } finally {
    view.close();
  }
  if (flags.json) streams.stdout.write(`${JSON.stringify({ type: 'result', images: results })}\n`);
  else if (!flags.quiet) {
    for (const { tag, base, result } of results) {
      const said = { built: 'was built', kept: 'is up to date', planned: 'would be built' }[result];
      streams.stdout.write(`${tag} ${said}, from ${base}\n`);
    }
  }
  return exitCodes.ok;
}

/** All without a name; undefined where one is none. */
function readNames(images: readonly string[]): readonly ImageName[] | undefined {
  if (images.length === 0 || images.includes('all')) return imageNames;
  const found = imageNames.filter((name) => images.includes(name));
  return found.length === new Set(images).size ? found : undefined;
}
