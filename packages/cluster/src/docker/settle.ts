import { down } from '@kmd/compose-runner';
import { ClusterError } from '../errors.js';
import type { UpContext } from '../up/context.js';
import type { Topology } from '../up/plan.js';
import { openEngine } from './engine.js';
import { chooseNetworkPrefix } from './network.js';

/**
 * The topology with a network that the engine can give it, where `KMD_NETWORK_PREFIX` does not say which. What an `up` that was killed has left on the engine is
 * removed first, so that its network and ports are free again.
 */
export async function fitNetwork(
  { spec, stale, signal }: UpContext,
  topology: Topology,
  host: string,
  reload: (variables: Record<string, string>) => Promise<Topology>,
): Promise<Topology> {
  const engine = openEngine(host);
  try {
    const project = topology.project.name;
    if (stale?.runtime === 'docker') await down(engine, project, { signal, volumes: true, stopTimeout: 2 });
    if (spec.variables['KMD_NETWORK_PREFIX']) return topology;
    const prefix = await chooseNetworkPrefix(engine, project, signal);
    if (prefix === '172.30') return topology;
    if (prefix === undefined) {
      throw new ClusterError(
        'RuntimeUnavailable',
        'every network from 172.18 to 172.31 is taken on the engine: remove some (docker network prune), or name a free one in KMD_NETWORK_PREFIX',
      );
    }
    return await reload({ KMD_NETWORK_PREFIX: prefix });
  } finally {
    engine.close();
  }
}
