import { openCluster } from '@kmd/cluster';
import type { ProgressView } from '../output/progress.js';
import { formatDuration } from '../output/text.js';
import { showWork, type WorkFlags } from '../output/work.js';
import type { Streams } from '../streams.js';

export interface LifeFlags extends WorkFlags {
  name: string;
}

const open = (flags: LifeFlags, streams: Streams) => openCluster(flags.name, { environment: streams.environment });
const named = (flags: LifeFlags) => (flags.name === 'local' ? '' : ` --name ${flags.name}`);

const withProgress = <T extends object>(
  flags: LifeFlags,
  streams: Streams,
  work: (view: ProgressView) => Promise<T>,
  sentence: (result: T) => string,
): Promise<number> => showWork(flags, streams, async (view) => ({ name: flags.name, ...(await work(view)) }), sentence);

export async function stop(flags: LifeFlags, streams: Streams): Promise<number> {
  return withProgress(
    flags,
    streams,
    (view) => open(flags, streams).stop({ onProgress: view.listener }),
    ({ result }) =>
      result === 'already'
        ? `Cluster "${flags.name}" was stopped already.`
        : `Cluster "${flags.name}" is stopped. Start it again with: kmd start${named(flags)}`,
  );
}

export async function start(flags: LifeFlags & { timeout?: number }, streams: Streams): Promise<number> {
  const begun = performance.timeOrigin;
  return withProgress(
    flags,
    streams,
    async (view) => {
      const cluster = await open(flags, streams).start({
        timeout: flags.timeout,
        signal: streams.signal,
        onProgress: view.listener,
      });
      const { apiServer, mesosMaster, agents, runtime } = cluster.record;
      return {
        result: cluster.created ? 'started' : 'running',
        runtime,
        apiServer,
        mesosMaster,
        agents,
        milliseconds: Math.round(Date.now() - begun),
      };
    },
    ({ result, apiServer, milliseconds }) =>
      result === 'running'
        ? `Cluster "${flags.name}" runs already: nothing was changed.`
        : `Cluster "${flags.name}" runs again, API server ${apiServer}, in ${formatDuration(milliseconds)}`,
  );
}

export async function scale(agents: number, flags: LifeFlags, streams: Streams): Promise<number> {
  return withProgress(
    flags,
    streams,
    (view) => open(flags, streams).scale({ agents, signal: streams.signal, onProgress: view.listener }),
    ({ before }) =>
      `Cluster "${flags.name}" has ${agents} agent${agents === 1 ? '' : 's'}${before === agents ? ', as before' : `, before ${before}`}.`,
  );
}
