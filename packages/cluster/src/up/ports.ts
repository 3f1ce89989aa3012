import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import type { Project } from '@kmd/compose-model';
import { ClusterError, systemCode } from '../errors.js';
import type { ClusterSpec } from '../options.js';
import type { StepRecorder } from '../progress.js';
import { publish } from './project.js';
import type { Topology } from './plan.js';

/** Ports that move to a free one where they are taken and nobody asked for them by number. */
const doors = [
  { key: 'api', service: 'apiserver', inside: 6443, usual: 6443, what: 'API server', option: '--api-port' },
  { key: 'mesos', service: 'mesosmaster1', inside: 5050, usual: 5050, what: 'Mesos master', option: '--mesos-port' },
] as const;

/**
 * The topology with the ports that it will have on this machine; one that moved is said. On an engine every published port is looked at, as the engine
 * would refuse it later; in the embedded runtime only the doors are, since nothing else listens.
 */
export async function choosePorts(
  spec: ClusterSpec,
  topology: Topology,
  runtime: 'embedded' | 'docker',
  steps: StepRecorder,
): Promise<Topology> {
  const settled: Topology = {
    ...topology,
    apiServer: { ...topology.apiServer },
    mesosMaster: { ...topology.mesosMaster },
  };
  for (const { key, service, inside, usual, what, option } of doors) {
    const door = key === 'api' ? settled.apiServer : settled.mesosMaster;
    const fixed = spec.fixedPorts[key] || door.port !== usual;
    const { port, moved } = await choosePort({ host: door.host, wanted: door.port, fixed, what, option });
    if (moved) steps.note(`Port ${door.port} is taken: the ${what} listens on ${port}`);
    door.port = port;
    settled.project = publish(settled.project, service, inside, port);
  }
  if (runtime === 'docker') settled.project = await settleEtcd(settled.project, steps);
  await reserveInsecure(settled);
  return settled;
}

async function settleEtcd(project: Project, steps: StepRecorder): Promise<Project> {
  const published = (project.services['etcd']?.ports ?? []).find(({ target }) => target === 4001);
  const wanted = Number(published?.published);
  if (!published || !(wanted > 0)) return project;
  const { port, moved } = await choosePort({
    host: published.host_ip ?? '127.0.0.1',
    wanted,
    fixed: wanted !== 4001,
    what: 'etcd',
    option: 'KMD_ETCD_PORT',
  });
  if (moved) steps.note(`Port ${wanted} is taken: etcd is published on ${port}`);
  return publish(project, 'etcd', 4001, port);
}

/** Throws `PortTaken` where a port of a cluster that is started again is no longer free. */
export async function reservePorts(topology: Topology): Promise<void> {
  for (const { key, what, option } of doors) {
    const { host, port } = key === 'api' ? topology.apiServer : topology.mesosMaster;
    await choosePort({ host, wanted: port, fixed: true, what, option });
  }
  await reserveInsecure(topology);
}

async function reserveInsecure({ apiServer: { host, insecurePort } }: Topology): Promise<void> {
  if (insecurePort === undefined) return;
  await choosePort({
    host,
    wanted: insecurePort,
    fixed: true,
    what: "API server's plain HTTP",
    option: '--insecure-port',
  });
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
  if (wanted === 0) return { port: await findFree(host), moved: false };
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
    return { port: await findFree(host), moved: true };
  }
}

/** Below the ports that kernels hand out by themselves (32768 and more) and those of services (30000 to 32767). */
const FREE = { from: 10_000, to: 30_000, attempts: 32 };

/**
 * A port that is free now, and probably still is when the cluster listens on it a moment later in a process of its own: one that the kernel
 * chose could meanwhile become the near end of anybody's connection.
 */
async function findFree(host: string): Promise<number> {
  for (let attempt = 0; attempt < FREE.attempts; attempt++) {
    try {
      return await tryListen(host, randomInt(FREE.from, FREE.to));
    } catch (error) {
      if (systemCode(error) !== 'EADDRINUSE') throw error;
    }
  }
  return tryListen(host, 0);
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
