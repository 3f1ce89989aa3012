import type { EndpointOptions, LeaderDetector, Logger, MasterClient } from '@kmd/mesos-client';
import { ClusterError, messageOf } from '../errors.js';

export interface MesosConnection {
  /** For every client of the master. */
  master: string[] | LeaderDetector;
  version: string;
  /** Addresses of the agents, without ports. */
  agents: readonly string[];
  close(): Promise<void>;
}

/** Of `slave(1)@10.0.0.5:5051`. */
const addressOf = (pid = ''): string | undefined => /@\[?([^@]+?)\]?:\d+$/.exec(pid)?.[1];

interface MesosAccess extends Pick<EndpointOptions, 'credentials' | 'tls'> {
  /** Told why ZooKeeper does not answer, while it is waited for. */
  logger?: Logger | undefined;
}

/** The oldest Mesos with the v1 calls that the framework makes. */
const OLDEST = [1, 9] as const;

/**
 * Finds the leading master, waiting for one when ZooKeeper knows none. Throws `InvalidSpec` for an address that cannot be read,
 * `StartFailed` for masters that do not answer, refuse the credentials, or are too old.
 */
export async function connectMesos(
  address: string,
  { signal, ...access }: MesosAccess & { signal: AbortSignal },
): Promise<MesosConnection> {
  const { master, client, close } = await openMaster(address, access);
  try {
    const { get_version: found } = await client.call({ type: 'GET_VERSION' }, { signal });
    const { version } = found.version_info;
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
      throw new ClusterError(
        'StartFailed',
        `the Mesos master at ${address} is ${version}: ${OLDEST.join('.')} or newer is needed`,
      );
    const { get_agents: agents } = await client.call({ type: 'GET_AGENTS' }, { signal });
    return {
      master,
      version,
      agents: (agents.agents ?? []).map(({ pid, agent_info: { hostname } }) => addressOf(pid) ?? hostname),
      close,
    };
  } catch (cause) {
    await close();
    if (cause instanceof ClusterError || signal.aborted) throw cause;
    throw new ClusterError('StartFailed', `no Mesos master at ${address}: ${messageOf(cause)}`, { cause });
  } finally {
    client.close();
  }
}

async function openMaster(
  address: string,
  { logger, ...access }: MesosAccess,
): Promise<Pick<MesosConnection, 'master' | 'close'> & { client: MasterClient }> {
  const { createMasterClient } = await import('@kmd/mesos-client');
  try {
    if (address.startsWith('zk://')) {
      const { createZooKeeperDetector } = await import('@kmd/mesos-client/zookeeper');
      const master = createZooKeeperDetector(address, { logger, ...(access.tls && { scheme: 'https' }) });
      return { master, client: createMasterClient({ master, ...access }), close: () => master.close() };
    }
    const master = address.split(',').map((one) => (/^\w+:\/\//.test(one) ? one : `http://${one}`));
    return { master, client: createMasterClient({ master, ...access }), close: () => Promise.resolve() };
  } catch (cause) {
    throw new ClusterError('InvalidSpec', messageOf(cause), { cause });
  }
}
