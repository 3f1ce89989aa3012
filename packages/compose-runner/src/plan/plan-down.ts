import { serviceOrder, type Project } from '@kmd/compose-model';
import { label } from '../labels.js';
import type { ObservedContainer } from '../observe/observed.js';
import type { EngineNetwork, EngineVolume } from '../engine/docker-engine.js';
import type { Plan, Step } from './action.js';

export interface DownPlanOptions {
  readonly removeOrphans?: boolean;
  /** Named volumes of the file, and nameless ones of the containers. */
  readonly volumes?: boolean;
}

/** What is there, without the images. */
export interface ObservedForDown {
  readonly containers: readonly ObservedContainer[];
  readonly networks: readonly EngineNetwork[];
  readonly volumes: readonly EngineVolume[];
}

/** Who depends on whom, as the labels of containers tell: for a project whose files are not at hand. */
export function dependenciesFromLabels(containers: readonly ObservedContainer[]): Map<string, Set<string>> {
  const dependencies = new Map<string, Set<string>>();
  for (const { service, labels } of containers) {
    const named = (labels[label.dependsOn] ?? '').split(',').map((entry) => entry.split(':')[0] ?? '');
    dependencies.set(service, new Set([...(dependencies.get(service) ?? []), ...named.filter((name) => name !== '')]));
  }
  return dependencies;
}

function dependenciesFromProject(project: Project): Map<string, Set<string>> {
  return new Map(
    serviceOrder(project).map((name) => [name, new Set(Object.keys(project.services[name]?.depends_on ?? {}))]),
  );
}

/**
 * A place for each service, after those that it depends on. Labels of containers from different times may say that two depend on each
 * other; whichever is met first then comes first.
 */
function rank(dependencies: ReadonlyMap<string, ReadonlySet<string>>): Map<string, number> {
  const places = new Map<string, number>();
  const open = new Set<string>();
  const visit = (name: string): void => {
    if (places.has(name) || open.has(name)) return;
    open.add(name);
    for (const need of [...(dependencies.get(name) ?? [])].sort()) visit(need);
    places.set(name, places.size);
  };
  for (const name of [...dependencies.keys()].sort()) visit(name);
  return places;
}

/**
 * What takes a project away: dependents stop first; what has stopped is removed while others stop, as are networks that nothing uses any
 * more, and volumes in the end where that is asked for. Without a project the labels of what is there tell all of it, and every container is taken.
 */
export function planDown(
  name: string,
  project: Project | undefined,
  observed: ObservedForDown,
  options: DownPlanOptions = {},
): Plan {
  const known =
    project === undefined
      ? undefined
      : new Set([...Object.keys(project.services), ...Object.keys(project.disabledServices)]);
  const isKept = (one: ObservedContainer): boolean =>
    known !== undefined && !known.has(one.service) && options.removeOrphans !== true;
  const containers = observed.containers.filter((one) => !isKept(one));
  const dependencies = new Map([
    ...dependenciesFromLabels(containers),
    ...(project === undefined ? [] : dependenciesFromProject(project)),
  ]);
  const place = rank(dependencies);
  const steps: Step[] = [];
  const removals: string[] = [];
  for (const container of containers) {
    const dependents = containers.filter((one) => dependencies.get(one.service)?.has(container.service) === true);
    const ended = dependents
      .filter((one) => (place.get(one.service) ?? 0) > (place.get(container.service) ?? 0))
      .map((one) => `stop ${one.name}`);
    steps.push({ id: `stop ${container.name}`, action: { type: 'stop', container }, after: ended });
    steps.push({
      id: `remove ${container.name}`,
      action: { type: 'remove', container, volumes: options.volumes === true },
      after: [`stop ${container.name}`],
    });
    removals.push(`remove ${container.name}`);
  }
  const kept = observed.containers.filter(isKept);
  const warnings: string[] = [];
  const seen = new Set<string>();
  for (const network of observed.networks) {
    if (network.labels[label.project] !== name || network.labels[label.network] === undefined) continue;
    const users = kept.filter((one) => one.networks.includes(network.name)).map((one) => one.name);
    if (users.length > 0) {
      warnings.push(`network ${network.name} is kept: ${users.join(', ')} is on it`);
      continue;
    }
    steps.push({
      // There may be two of one name, on engines that let two create it at once.
      id: `remove network ${network.name}${seen.has(network.name) ? ` ${network.id}` : ''}`,
      action: { type: 'remove-network', id: network.id, name: network.name, attached: [], unlessUsed: true },
      after: containers.filter((one) => one.networks.includes(network.name)).map((one) => `stop ${one.name}`),
    });
    seen.add(network.name);
  }
  if (options.volumes === true) {
    for (const volume of observed.volumes) {
      const key = volume.labels[label.volume];
      if (volume.labels[label.project] !== name || key === undefined) continue;
      // A volume that the file does not declare is not the file's to remove.
      if (project !== undefined && (project.volumes[key] === undefined || project.volumes[key].external === true))
        continue;
      steps.push({ id: `remove volume ${volume.name}`, action: { type: 'remove-volume', volume }, after: removals });
    }
  }
  if (kept.length > 0) {
    warnings.push(
      `${kept.map((one) => one.name).join(', ')}: of this project, and of none of its services; removing orphans takes them away`,
    );
  }
  return { steps, warnings };
}
