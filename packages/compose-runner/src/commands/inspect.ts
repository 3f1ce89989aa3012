import type { CallOptions, DockerEngine, EnginePort } from '../engine/docker-engine.js';
import { label } from '../labels.js';
import { observeContainers } from '../observe/observe.js';
import type { ObservedContainer } from '../observe/observed.js';
import { RunnerError } from '../runner-error.js';

/** A container, as a listing shows it. */
export interface ContainerRow {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  readonly image: string;
  readonly command: string;
  readonly state: string;
  readonly status: string;
  /** `starting`, `healthy` or `unhealthy`; absent without a health check. */
  readonly health?: string;
  readonly exitCode?: number;
  readonly ports: readonly EnginePort[];
}

function toRow(one: ObservedContainer): ContainerRow {
  // Listings carry health and exit code within the words for people only.
  const health = /\((?:health: )?(starting|healthy|unhealthy)\)/.exec(one.status)?.[1];
  const exited = /^Exited \((\d+)\)/.exec(one.status)?.[1];
  return {
    id: one.id,
    name: one.name,
    service: one.service,
    image: one.image,
    command: one.command,
    state: one.state,
    status: one.status,
    ...(health !== undefined && { health }),
    ...(exited !== undefined && { exitCode: Number(exited) }),
    ports: one.ports,
  };
}

/** A project's containers: those that run, or all, with one-offs too. */
export async function ps(
  engine: DockerEngine,
  project: string,
  options: CallOptions & { readonly all?: boolean; readonly services?: readonly string[] } = {},
): Promise<ContainerRow[]> {
  const { all = false, services } = options;
  return (await observeContainers(engine, project, options))
    .filter(
      (one) =>
        (all || (!one.oneOff && one.state === 'running')) && (services === undefined || services.includes(one.service)),
    )
    .map(toRow);
}

/** A project that an engine holds something of. */
export interface ProjectRow {
  readonly name: string;
  readonly running: number;
  readonly containers: number;
  readonly workingDir: string;
  readonly configFiles: readonly string[];
}

/** The projects that an engine holds containers of, whatever made them. */
export async function listProjects(engine: DockerEngine, options: CallOptions = {}): Promise<ProjectRow[]> {
  const rows = new Map<string, ProjectRow>();
  for (const { labels, state } of await engine.containers([label.project, label.configHash], options)) {
    const name = labels[label.project] ?? '';
    const row = rows.get(name);
    rows.set(name, {
      name,
      running: (row?.running ?? 0) + (state === 'running' ? 1 : 0),
      containers: (row?.containers ?? 0) + 1,
      workingDir: row?.workingDir ?? labels[label.workingDir] ?? '',
      configFiles: row?.configFiles ?? (labels[label.configFiles] ?? '').split(',').filter((path) => path !== ''),
    });
  }
  return [...rows.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * The container of a service that `exec`, `port` and `top` mean: by number, or the lowest that runs.
 * @param options `orStopped`: the lowest one where none runs
 * @throws RunnerError
 */
export async function findContainer(
  engine: DockerEngine,
  project: string,
  service: string,
  options: CallOptions & { readonly index?: number; readonly orStopped?: boolean } = {},
): Promise<ObservedContainer> {
  const containers = (await observeContainers(engine, project, options)).filter(
    (one) => one.service === service && !one.oneOff,
  );
  const found =
    containers.find((one) => (options.index === undefined ? one.state === 'running' : one.number === options.index)) ??
    (options.orStopped === true && options.index === undefined ? containers[0] : undefined);
  if (found !== undefined) return found;
  const which = options.index === undefined ? 'running container' : `container number ${options.index}`;
  throw new RunnerError('no-such-service', `service ${service} of project ${project} has no ${which}`, { service });
}

/** Where a port of a service is reached, as `127.0.0.1:32768`. @throws RunnerError when it is not published */
export async function port(
  engine: DockerEngine,
  project: string,
  service: string,
  target: number,
  options: CallOptions & { readonly index?: number; readonly protocol?: 'tcp' | 'udp' } = {},
): Promise<string> {
  const { ports, name } = await findContainer(engine, project, service, options);
  const found = ports.find(
    (one) => one.target === target && one.protocol === (options.protocol ?? 'tcp') && one.published !== undefined,
  );
  if (found !== undefined) return `${found.host ?? '0.0.0.0'}:${found.published ?? 0}`;
  throw new RunnerError('no-such-service', `port ${target} of ${name} is not published`, { service, container: name });
}

/** The processes of each running container of a project. */
export async function top(
  engine: DockerEngine,
  project: string,
  options: CallOptions & { readonly services?: readonly string[] } = {},
): Promise<{ container: string; titles: readonly string[]; processes: readonly (readonly string[])[] }[]> {
  const rows = await ps(engine, project, options);
  return Promise.all(rows.map(async ({ id, name }) => ({ container: name, ...(await engine.top(id, options)) })));
}
