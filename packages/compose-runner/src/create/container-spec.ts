import { replicaEnvironment, type Healthcheck, type Project, type Service } from '@kmd/compose-model';
import type { LocalImage } from '@kmd/image-builder';
import { imageName } from '../container-name.js';
import type { EngineMount } from '../engine/docker-engine.js';
import { compact, hostConfigOf } from './host-config.js';
import { inheritedMounts, mountsOf } from './mounts.js';
import { endpointsOf, hasOldLinks, linksOf, splitEndpoints, type Endpoint } from './networking.js';

type Json = Record<string, unknown>;

/** The engine counts in nanoseconds. */
const nanoseconds = (milliseconds: number | undefined): number | undefined =>
  milliseconds === undefined ? undefined : milliseconds * 1_000_000;

function healthcheckOf(check: Healthcheck | undefined): Json | undefined {
  if (check === undefined) return undefined;
  if (check.disable === true) return { Test: ['NONE'] };
  return compact({
    Test: check.test,
    Interval: nanoseconds(check.interval),
    Timeout: nanoseconds(check.timeout),
    StartPeriod: nanoseconds(check.start_period),
    StartInterval: nanoseconds(check.start_interval),
    Retries: check.retries,
  });
}

function exposedPorts(service: Service): Json {
  const ports = (service.ports ?? []).map(({ target, protocol }) => `${target ?? 0}/${protocol ?? 'tcp'}`);
  const exposed = (service.expose ?? []).flatMap((entry) => {
    const [range = '', protocol = 'tcp'] = entry.split('/');
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => `${first + index}/${protocol}`);
  });
  return Object.fromEntries([...ports, ...exposed].map((port) => [port, {}]));
}

function portBindings(service: Service): Record<string, Json[]> {
  const bindings: Record<string, Json[]> = {};
  for (const { target, protocol, host_ip, published } of service.ports ?? []) {
    const key = `${target ?? 0}/${protocol ?? 'tcp'}`;
    bindings[key] = [...(bindings[key] ?? []), { HostIp: host_ip ?? '', HostPort: published ?? '' }];
  }
  return bindings;
}

function environmentOf(service: Service, number: number): string[] {
  // A variable without a value is taken away from what the image sets.
  const unset = Object.entries(service.environment ?? {}).flatMap(([key, value]) => (value === null ? [key] : []));
  const set = Object.entries(replicaEnvironment(service, number)).map(([key, value]) => `${key}=${value}`);
  return [...set, ...unset];
}

export interface ContainerSpecInput {
  readonly project: Project;
  readonly service: Service;
  readonly number: number;
  /** The name that it ends up with. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly image?: LocalImage | undefined;
  /** Of the container that it replaces. */
  readonly replaced?: readonly EngineMount[];
  readonly apiVersion: string;
  /** The container that stands for a service in `network_mode: service:x` and its like; its id. */
  readonly containerOf: (service: string) => string;
}

/** What `POST /containers/create` is given, and the networks that are left to connect. */
export interface ContainerSpec {
  readonly body: Json;
  readonly connectLater: readonly Endpoint[];
}

/**
 * `service:x` stands for a container of that service.
 * @throws what `containerOf` throws when there is none
 */
export function resolveShared(mode: string | undefined, containerOf: (service: string) => string): string | undefined {
  return mode?.startsWith('service:') === true ? `container:${containerOf(mode.slice('service:'.length))}` : mode;
}

function resolveVolumesFrom(entry: string, containerOf: (service: string) => string): string {
  if (entry.startsWith('container:')) return entry.slice('container:'.length);
  const [service = '', ...mode] = entry.split(':');
  return [containerOf(service), ...mode].join(':');
}

/** The service with its references to other services' containers replaced by their ids: what its configuration hash is made of. */
export function resolveReferences(service: Service, containerOf: (service: string) => string): Service {
  const { network_mode, ipc, pid, volumes_from } = service;
  return {
    ...service,
    ...(network_mode?.startsWith('service:') === true && {
      network_mode: resolveShared(network_mode, containerOf) ?? '',
    }),
    ...(ipc?.startsWith('service:') === true && { ipc: resolveShared(ipc, containerOf) ?? '' }),
    ...(pid?.startsWith('service:') === true && { pid: resolveShared(pid, containerOf) ?? '' }),
    ...(volumes_from !== undefined && {
      volumes_from: volumes_from.map((entry) => resolveVolumesFrom(entry, containerOf)),
    }),
  };
}

/** The services whose containers a service's own are tied to, so that they are made anew with them. */
export function parentsOf(service: Service): string[] {
  const shared = [service.network_mode, service.ipc, service.pid].flatMap((mode) =>
    mode?.startsWith('service:') === true ? [mode.slice('service:'.length)] : [],
  );
  const volumes = (service.volumes_from ?? []).flatMap((entry) =>
    entry.startsWith('container:') ? [] : [entry.split(':')[0] ?? ''],
  );
  const links = hasOldLinks(service) ? (service.links ?? []).map((link) => link.split(':')[0] ?? '') : [];
  return [...new Set([...shared, ...volumes, ...links])];
}

/** Makes the body by which docker compose would create the container. @throws RunnerError for what is not supported */
export function containerSpec(input: ContainerSpecInput): ContainerSpec {
  const { project, number, name, containerOf } = input;
  const service = resolveReferences(input.service, containerOf);
  const endpoints = endpointsOf(project, service, name);
  const [now, later] = splitEndpoints(endpoints, input.apiVersion);
  const { Binds, Mounts } = mountsOf(project, service, inheritedMounts(service, input.image, input.replaced ?? []));
  const body = compact({
    Hostname: service.hostname,
    Domainname: service.domainname,
    User: service.user,
    AttachStdin: false,
    AttachStdout: true,
    AttachStderr: true,
    ExposedPorts: exposedPorts(service),
    Tty: service.tty === true,
    OpenStdin: service.stdin_open === true,
    Env: environmentOf(service, number),
    Cmd: service.command,
    Entrypoint: service.entrypoint,
    Healthcheck: healthcheckOf(service.healthcheck),
    Image: imageName(project, service),
    WorkingDir: service.working_dir,
    MacAddress: service.mac_address,
    StopSignal: service.stop_signal,
    // The engine counts in whole seconds.
    StopTimeout: service.stop_grace_period === undefined ? undefined : Math.ceil(service.stop_grace_period / 1000),
    Labels: input.labels,
    HostConfig: compact({
      ...hostConfigOf(service),
      Binds,
      Mounts,
      PortBindings: portBindings(service),
      Links: hasOldLinks(service) ? linksOf(project, service) : undefined,
      NetworkMode: service.network_mode ?? endpoints[0]?.network ?? 'none',
      IpcMode: service.ipc,
      PidMode: service.pid,
      VolumesFrom: service.volumes_from,
    }),
    NetworkingConfig:
      now.length === 0
        ? undefined
        : { EndpointsConfig: Object.fromEntries(now.map((one) => [one.network, one.config])) },
  });
  return { body, connectLater: later };
}
