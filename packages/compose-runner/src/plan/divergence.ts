import { serviceHash, type Project, type Service } from '@kmd/compose-model';
import { imageName } from '../container-name.js';
import { resolveReferences } from '../create/container-spec.js';
import { networksOf } from '../create/networking.js';
import { label } from '../labels.js';
import type { Observed, ObservedContainer } from '../observe/observed.js';

/** The hash that the label of a service's containers should hold, references to other containers resolved. */
export function expectedHash(service: Service, containerOf: (service: string) => string): string {
  return serviceHash(resolveReferences(service, containerOf));
}

/**
 * Why a container is not what the project asks for, in words for a person; nothing when it is.
 * The rules are docker compose's (specification notes, B4).
 */
export function divergence(
  container: ObservedContainer,
  { project, service, observed, hash }: { project: Project; service: Service; observed: Observed; hash: string },
): string | undefined {
  const { labels } = container;
  if (labels[label.configHash] !== hash) return 'its configuration changed';
  const image = observed.images.get(imageName(project, service));
  const made = labels[label.image];
  if (image !== undefined && made !== undefined && made !== image.id) return 'its image changed';
  const networks = networksOf(project, service).map(({ name }) => name);
  const missing =
    container.state === 'running' ? networks.find((name) => !container.networks.includes(name)) : undefined;
  if (missing !== undefined) return `it is not on network ${missing}`;
  for (const { type, source, target } of service.volumes ?? []) {
    if (type !== 'volume' || source === undefined) continue;
    const name = project.volumes[source]?.name ?? source;
    if (!container.mounts.some((mount) => mount.name === name && mount.target === target)) {
      return `volume ${name} is not mounted`;
    }
  }
  return undefined;
}
