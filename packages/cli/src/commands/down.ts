import { openCluster } from '@kmd/cluster';
import { exitCodes } from '../exit-code.js';
import { modeOf, showProgress } from '../output/progress.js';
import type { Streams } from '../streams.js';

export async function down(
  flags: { name: string; json?: boolean | undefined; quiet?: boolean | undefined },
  streams: Streams,
): Promise<number> {
  const view = showProgress(modeOf(flags, streams), streams);
  let result: 'stopped' | 'none';
  try {
    result = (await openCluster(flags.name, { environment: streams.environment }).down({ onProgress: view.listener }))
      .result;
  } finally {
    view.close();
  }
  if (flags.json) streams.stdout.write(`${JSON.stringify({ type: 'result', result, name: flags.name })}\n`);
  else if (!flags.quiet) {
    streams.stdout.write(
      result === 'none'
        ? `There is no cluster "${flags.name}": nothing to stop. kmd list shows what there is.\n`
        : `Cluster "${flags.name}" is down.\n`,
    );
  }
  return exitCodes.ok;
}
