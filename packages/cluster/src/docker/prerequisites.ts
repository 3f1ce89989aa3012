import { statfs } from 'node:fs/promises';
import type { DockerEngine } from '@kmd/compose-runner';
import { parseResources, scalarOf } from '@kmd/mesos-client';
import type { AgentPlan } from '../control/protocol.js';
import { ClusterError } from '../errors.js';
import type { StepRecorder } from '../progress.js';
import { entriesOf, fieldsOf, textOf } from './answer.js';

/** What an engine says of itself and of its machine (`GET /info`), as far as it matters here. */
export interface EngineFacts {
  os: string;
  /** What its parts are called: `Engine`, `containerd`, `Podman Engine`. */
  components: readonly string[];
  /** `none` where it cannot limit anything. */
  cgroupDriver: string;
  version: string;
  storageDriver: string;
  cpus: number;
  /** Bytes. */
  memory: number;
  memoryLimits: boolean;
  rootless: boolean;
  /** Bytes that are free where the engine keeps its data; undefined where that cannot be seen from here. */
  freeDisk: number | undefined;
}

/** Why a cluster cannot, or should not, be brought up on an engine. */
export interface Finding {
  level: 'failed' | 'warning' | 'info';
  message: string;
}

/** Asks the engine, notes what is unusual, and throws `RuntimeUnavailable` for what makes a cluster impossible. */
export async function checkPrerequisites(
  engine: DockerEngine,
  agents: readonly AgentPlan[],
  steps: StepRecorder,
  signal: AbortSignal,
): Promise<void> {
  const findings = judge(await readFacts(engine, signal), sumOf(agents));
  const failed = findings.filter(({ level }) => level === 'failed');
  if (failed.length > 0) {
    throw new ClusterError('RuntimeUnavailable', failed.map(({ message }) => message).join('; '));
  }
  for (const { level, message } of findings) steps.note(message, level === 'warning' ? 'warning' : 'info');
}

/** Bytes that a cluster's images, containers and logs take, with some to spare. */
const leastDisk = 2 ** 30;

export function judge(facts: EngineFacts, wanted: { cpus: number; mem: number; disk: number }): Finding[] {
  const findings: Finding[] = [];
  const add = (level: Finding['level'], message: string) => findings.push({ level, message });
  const fewer = 'fewer by --agents or MESOS_RESOURCES';
  if (facts.os !== 'linux') {
    add('failed', `the engine runs ${facts.os} containers: switch it to Linux containers`);
  }
  if (facts.components.some((name) => name.startsWith('Podman'))) {
    add('failed', 'the engine is Podman, whose networks and privileged containers are others: name a Docker Engine in DOCKER_HOST, or give --runtime embedded'); // prettier-ignore
    return findings;
  }
  const [major = 0, minor = 0] = facts.version.split('.').map(Number);
  if (major > 0 && (major < 20 || (major === 20 && minor < 10))) {
    add('failed', `the engine is Docker ${facts.version}: kmd needs 20.10 or newer`);
  }
  if (facts.storageDriver === 'vfs') {
    add(
      'warning',
      'The engine copies whole images (storage driver vfs): it is slow and takes much disk; overlay2 is better',
    );
  }
  if (facts.rootless) {
    add('warning', 'The engine is rootless: pods get no more rights than your user has');
  }
  if (facts.cgroupDriver === 'none') {
    add('warning', 'The engine has no cgroups: nothing is limited, and the Docker inside the agents may not start');
  } else if (!facts.memoryLimits) {
    add('info', 'The engine cannot limit memory: agents may take more than they offer');
  }
  if (facts.cpus > 0 && wanted.cpus > facts.cpus) {
    add('info', `The agents offer ${wanted.cpus} cpus of ${facts.cpus}: pods share them (${fewer})`);
  }
  const mib = 2 ** 20;
  if (facts.memory > 0 && wanted.mem * mib > facts.memory) {
    add(
      'warning',
      `The agents offer ${wanted.mem} MB of memory, the engine's machine has ${Math.floor(facts.memory / mib)} MB: ${fewer}`,
    );
  }
  if (facts.freeDisk !== undefined && facts.freeDisk < leastDisk) {
    add(
      'warning',
      `The engine has ${Math.floor(facts.freeDisk / mib)} MB of disk left, images and logs want ${leastDisk / mib} MB: free some (docker system prune)`,
    );
  } else if (facts.freeDisk !== undefined && wanted.disk * mib > facts.freeDisk) {
    add(
      'info',
      `The agents offer ${wanted.disk} MB of disk, ${Math.floor(facts.freeDisk / mib)} MB are free (${fewer})`,
    );
  }
  return findings;
}

function sumOf(agents: readonly AgentPlan[]): { cpus: number; mem: number; disk: number } {
  const all = agents.map(({ resources }) => parseResources(resources));
  const sum = (name: string) => all.reduce((total, resources) => total + (scalarOf(resources, name) ?? 0), 0);
  return { cpus: sum('cpus'), mem: sum('mem'), disk: sum('disk') };
}

async function readFacts(engine: DockerEngine, signal: AbortSignal): Promise<EngineFacts> {
  const [answer, version] = await Promise.all([
    engine.connection.ask({ path: '/info', signal }),
    engine.connection.ask({ path: '/version', signal }),
  ]);
  const info = fieldsOf(answer);
  const text = (key: string) => textOf(info[key]);
  const number = (key: string) => (typeof info[key] === 'number' ? info[key] : 0);
  const options = Array.isArray(info['SecurityOptions']) ? info['SecurityOptions'].map(String) : [];
  const disk = await statfs(text('DockerRootDir') || '/nonexistent').catch(() => undefined);
  return {
    os: text('OSType') || 'linux',
    components: entriesOf(fieldsOf(version)['Components']).map((one) => textOf(one['Name'])),
    cgroupDriver: text('CgroupDriver'),
    version: text('ServerVersion'),
    storageDriver: text('Driver'),
    cpus: number('NCPU'),
    memory: number('MemTotal'),
    memoryLimits: info['MemoryLimit'] !== false,
    rootless: options.some((option) => option.includes('name=rootless')),
    freeDisk: disk && disk.bavail * disk.bsize,
  };
}
