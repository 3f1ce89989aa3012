import { readFile } from 'node:fs/promises';
import { load, type Project, replicaEnvironment, serviceOrder, type Service } from '@kmd/compose-model';
import { parseAttributes, parseResources } from '@kmd/mesos-client';
import type { AgentPlan, EmbeddedPlan, ExecutorPlace } from '../control/protocol.js';
import { ClusterError, messageOf, systemCode } from '../errors.js';
import { readFlags, readList } from '../flags.js';
import type { ClusterSpec } from '../options.js';
import type { ClusterPaths } from '../state/paths.js';

/** What to deploy once the API server answers (`x-kmd` of the topology). */
export interface AddonPlan {
  dns: { enabled: boolean; server: string; domain: string; replicas: number };
  ui: { enabled: boolean };
  /** Longest wait for one addon, in milliseconds. */
  timeout: number;
}

export interface Topology {
  project: Project;
  /** Service names in the order of their dependencies. */
  services: string[];
  agents: AgentPlan[];
  addons: AddonPlan;
  apiServer: {
    host: string;
    port: number;
    insecurePort: number | undefined;
    serviceCidr: string;
    nodePortRange: string;
  };
  mesosMaster: { host: string; port: number };
  scheduler: EmbeddedPlan['scheduler'];
  executors: ExecutorPlace;
  dnsDomain: string;
  warnings: string[];
}

/** Loads the topology with the spec's override files, and checks all that the embedded runtime reads of it. Throws `InvalidSpec`. */
export async function loadTopology(
  topologyFile: string,
  spec: ClusterSpec,
  paths: ClusterPaths,
  workingDir: string,
): Promise<Topology> {
  const files = [
    { path: topologyFile, content: await readFile(topologyFile, 'utf8') },
    ...(await Promise.all(spec.files.map(readOverride))),
  ];
  const { project, warnings } = await load({
    files,
    workingDir,
    environment: { ...spec.variables, KMD_AUTH_DIR: paths.auth },
    projectName: `kmd-${spec.name}`,
    profiles: readList(spec.variables['COMPOSE_PROFILES'] ?? ''),
  }).catch((error: unknown) => {
    // The loader's messages carry file, line and column already.
    throw new ClusterError('InvalidSpec', messageOf(error), { cause: error });
  });
  const service = (name: string): Service => {
    const found = project.services[name];
    if (!found) {
      throw new ClusterError(
        'InvalidSpec',
        `the topology has no service "${name}": an override file may change it, not remove it`,
      );
    }
    return found;
  };
  const api = service('apiserver');
  const apiFlags = readFlags(api.command ?? []);
  const km = readFlags(service('scheduler').command ?? []);
  const extension = mapping(project['x-kmd']);
  const addons = mapping(extension['addons']);
  const ui = mapping(addons['ui']);
  const dns = mapping(addons['dns']);
  const dnsDomain = text(dns['domain']) || km.get('cluster-domain') || 'cluster.local';
  const frameworkRoles = readList(km.get('mesos-framework-roles') ?? '*');
  return {
    project,
    services: serviceOrder(project),
    agents: planAgents(service('mesosslave')),
    addons: {
      dns: {
        enabled: text(dns['enabled']) !== 'false',
        server: text(dns['server']) || '10.10.10.10',
        domain: dnsDomain,
        replicas: whole(text(dns['replicas']) || '1', 'DNS_REPLICAS'),
      },
      ui: { enabled: text(ui['enabled']) !== 'false' },
      timeout: whole(text(extension['addon_timeout']) || '180', 'MESOS_DOCKER_ADDON_TIMEOUT') * 1000,
    },
    apiServer: {
      ...publishedPort(api, whole(apiFlags.get('secure-port') ?? '6443', 'apiserver --secure-port')),
      insecurePort: whole(apiFlags.get('insecure-port') ?? '0', 'apiserver --insecure-port') || undefined,
      serviceCidr: apiFlags.get('service-cluster-ip-range') ?? '10.10.10.0/24',
      nodePortRange: apiFlags.get('service-node-port-range') ?? '30000-32767',
    },
    mesosMaster: publishedPort(
      service('mesosmaster1'),
      whole(text(service('mesosmaster1').environment?.['MESOS_PORT']) || '5050', 'MESOS_PORT'),
    ),
    scheduler: {
      frameworkName: km.get('mesos-framework-name') ?? 'Kubernetes',
      roles: frameworkRoles,
      defaultPodRoles: readList(km.get('mesos-default-pod-roles') ?? frameworkRoles.join(',')),
      executorCpus: amount(km.get('mesos-executor-cpus') ?? '0.25', 'scheduler --mesos-executor-cpus'),
      executorMem: amount(km.get('mesos-executor-mem') ?? '128', 'scheduler --mesos-executor-mem'),
    },
    executors: executorPlace(text(extension['executors']) || 'processes'),
    dnsDomain,
    warnings: warnings.map(({ message }) => message),
  };
}

function executorPlace(place: string): ExecutorPlace {
  if (place === 'processes' || place === 'shared') return place;
  throw new ClusterError(
    'InvalidSpec',
    `KMD_EXECUTORS is ${JSON.stringify(place)}: give processes, or shared for many agents of the embedded runtime`,
  );
}

async function readOverride(path: string): Promise<{ path: string; content: string }> {
  try {
    return { path, content: await readFile(path, 'utf8') };
  } catch (error) {
    const why = systemCode(error) === 'ENOENT' ? 'there is no such file' : messageOf(error);
    throw new ClusterError('InvalidSpec', `cannot read the Compose file ${path}: ${why}`, { cause: error });
  }
}

/** The agents that the service stands for, checked. Throws `InvalidSpec`. */
export function planAgents(service: Service): AgentPlan[] {
  const count = service.scale ?? 1;
  return Array.from({ length: count }, (_, index) => {
    const number = index + 1;
    const name = `${service.name}-${number}`;
    const variables = replicaEnvironment(service, number);
    const resources = text(variables['MESOS_RESOURCES']);
    const attributes = text(variables['MESOS_ATTRIBUTES']);
    check(`MESOS_RESOURCES of ${name}`, resources, parseResources);
    check(`MESOS_ATTRIBUTES of ${name}`, attributes, parseAttributes);
    return { name, hostname: text(variables['MESOS_HOSTNAME']) || name, resources, attributes };
  });
}

function check(what: string, value: string, parse: (value: string) => unknown): void {
  try {
    parse(value);
  } catch (cause) {
    throw new ClusterError('InvalidSpec', `${what} is ${JSON.stringify(value)}: ${messageOf(cause)}`, { cause });
  }
}

/** Where a service listens on this machine: the published side of the port that it has inside. */
function publishedPort(service: Service, target: number): { host: string; port: number } {
  const port = (service.ports ?? []).find((entry) => entry.target === target);
  if (!port) {
    throw new ClusterError(
      'InvalidSpec',
      `service ${service.name} publishes no port for ${target}: give it one under services.${service.name}.ports`,
    );
  }
  return {
    host: port.host_ip ?? '127.0.0.1',
    port: port.published ? whole(port.published, `services.${service.name}.ports`) : 0,
  };
}

function mapping(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function text(value: unknown): string {
  return typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : '';
}

function whole(value: string, what: string): number {
  if (!/^\d{1,9}$/.test(value))
    throw new ClusterError('InvalidSpec', `${what} is ${JSON.stringify(value)}: give a whole number`);
  return Number(value);
}

function amount(value: string, what: string): number {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number) || number < 0) {
    throw new ClusterError('InvalidSpec', `${what} is ${JSON.stringify(value)}: give a number of 0 or more`);
  }
  return number;
}
