import { createServer } from 'node:net';
import { ClusterError, systemCode } from '../errors.js';
import type { ClusterSpec } from '../options.js';
import type { StepRecorder } from '../progress.js';
import type { Topology } from './plan.js';

/** The ports of the cluster's two doors; a default one that is taken moves to a free one, and that is said. */
export async function choosePorts(
  spec: ClusterSpec,
  topology: Topology,
  steps: StepRecorder,
): Promise<{ api: number; mesos: number }> {
  const defaults = { api: 6443, mesos: 5050 };
  const api = await choosePort({
    host: topology.apiServer.host,
    wanted: topology.apiServer.port,
    fixed: spec.fixedPorts.api || topology.apiServer.port !== defaults.api,
    what: 'API server',
    option: '--api-port',
  });
  const mesos = await choosePort({
    host: topology.mesosMaster.host,
    wanted: topology.mesosMaster.port,
    fixed: spec.fixedPorts.mesos || topology.mesosMaster.port !== defaults.mesos,
    what: 'Mesos master',
    option: '--mesos-port',
  });
  if (topology.apiServer.insecurePort !== undefined) {
    await choosePort({
      host: topology.apiServer.host,
      wanted: topology.apiServer.insecurePort,
      fixed: true,
      what: "API server's plain HTTP",
      option: '--insecure-port',
    });
  }
  if (api.moved) steps.note(`Port ${topology.apiServer.port} is taken: the API server listens on ${api.port}`);
  if (mesos.moved) steps.note(`Port ${topology.mesosMaster.port} is taken: the Mesos master listens on ${mesos.port}`);
  return { api: api.port, mesos: mesos.port };
}

/** A port to listen on: the wanted one, or a free one where the wanted one is taken and need not be had. */
export async function choosePort(options: {
  host: string;
  wanted: number;
  fixed: boolean;
  /** For the message, for instance `API server`. */
  what: string;
  /** For the message: how to ask for another port, for instance `--api-port`. */
  option: string;
}): Promise<{ port: number; moved: boolean }> {
  const { host, wanted, fixed, what, option } = options;
  if (wanted === 0) return { port: await tryListen(host, 0), moved: false };
  try {
    return { port: await tryListen(host, wanted), moved: false };
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EACCES') {
      throw new ClusterError(
        'PortTaken',
        `port ${wanted} for the ${what} needs more rights: give one above 1023 with ${option}`,
        { cause: error },
      );
    }
    if (code === 'EADDRNOTAVAIL') {
      throw new ClusterError(
        'InvalidSpec',
        `the ${what} cannot listen on ${host}: that is no address of this machine`,
        { cause: error },
      );
    }
    if (code !== 'EADDRINUSE') throw error;
    if (fixed) {
      throw new ClusterError(
        'PortTaken',
        `port ${wanted} for the ${what} is taken by another program: free it, give another with ${option}, or leave ${option} out to get a free one`,
        { cause: error },
      );
    }
    return { port: await tryListen(host, 0), moved: true };
  }
}

function tryListen(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port));
    });
  });
}
