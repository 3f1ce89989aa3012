import type { Project } from '@kmd/compose-model';
import type { LocalImage } from '@kmd/image-builder';
import { imageName } from '../container-name.js';
import type { CallOptions, DockerEngine, EngineContainer } from '../engine/docker-engine.js';
import { label } from '../labels.js';
import type { Observed, ObservedContainer } from './observed.js';

/** A container of a project; nothing for one that bears the project's name and no service. */
function toObserved(container: EngineContainer): ObservedContainer[] {
  const { labels } = container;
  const service = labels[label.service];
  if (service === undefined) return [];
  const number = Number(labels[label.number] ?? 0);
  return [
    { ...container, service, number: Number.isInteger(number) ? number : 0, oneOff: labels[label.oneOff] === 'True' },
  ];
}

/** The containers of a project, one-offs too, by service and number. Every tool that lists them looks for the configuration hash as well. */
export async function observeContainers(
  engine: DockerEngine,
  projectName: string,
  options?: CallOptions,
): Promise<ObservedContainer[]> {
  const found = await engine.containers([`${label.project}=${projectName}`, label.configHash], options);
  return found
    .flatMap(toObserved)
    .sort((a, b) => (a.service === b.service ? a.number - b.number : a.service < b.service ? -1 : 1));
}

export async function observeImages(
  engine: DockerEngine,
  project: Project,
  options?: CallOptions,
): Promise<ReadonlyMap<string, LocalImage>> {
  const names = new Set(Object.values(project.services).map((service) => imageName(project, service)));
  const found = await Promise.all(
    [...names].map(async (name) => [name, await engine.findImage(name, options)] as const),
  );
  return new Map(found.flatMap(([name, image]) => (image === undefined ? [] : [[name, image] as const])));
}

/** Looks at everything that a project has on an engine, all at once. */
export async function observe(engine: DockerEngine, project: Project, options?: CallOptions): Promise<Observed> {
  const [containers, networks, volumes, images] = await Promise.all([
    observeContainers(engine, project.name, options),
    engine.networks(options),
    engine.volumes(options),
    observeImages(engine, project, options),
  ]);
  return { containers, networks, volumes, images };
}
