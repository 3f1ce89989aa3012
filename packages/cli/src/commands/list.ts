import { listClusters } from '@kmd/cluster';
import { exitCodes } from '../exit-code.js';
import { formatAge, formatTable } from '../output/text.js';
import type { Streams } from '../streams.js';

export async function list(flags: { json?: boolean | undefined }, streams: Streams): Promise<number> {
  const clusters = await listClusters(streams.environment);
  if (flags.json) {
    streams.stdout.write(`${JSON.stringify(clusters, null, 2)}\n`);
  } else if (clusters.length === 0) {
    streams.stdout.write('There is no cluster. Bring one up with: kmd up\n');
  } else {
    streams.stdout.write(
      formatTable(
        ['NAME', 'STATE', 'RUNTIME', 'AGENTS', 'API SERVER', 'MESOS MASTER', 'AGE'],
        clusters.map(({ name, state, runtime, agents, apiServer, mesosMaster, created }) => [
          name,
          state,
          runtime,
          String(agents),
          apiServer,
          mesosMaster,
          formatAge(Date.now() - Date.parse(created)),
        ]),
      ),
    );
  }
  return exitCodes.ok;
}
