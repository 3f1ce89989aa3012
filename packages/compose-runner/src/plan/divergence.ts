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
 * The hashes that count as unchanged. Builds of docker compose differ in one thing: some count that a bind mount in short form makes its
 * folder on the host, which it does in all of them.
 */
export function acceptedHashes(service: Service, containerOf: (service: string) => string): ReadonlySet<string> {
  const resolved = resolveReferences(service, containerOf);
  const volumes = resolved.volumes?.map((mount) =>
    mount.type === 'bind' && mount.bind !== undefined && mount.bind.create_host_path === undefined
      ? { ...mount, bind: { ...mount.bind, create_host_path: true } }
      : mount,
  );
  return new Set([serviceHash(resolved), ...(volumes === undefined ? [] : [serviceHash({ ...resolved, volumes })])]);
}

/**
 * Why a container is not what the project asks for, in words for a person; nothing when it is.
 * The rules are docker compose's (specification notes, B4).
 */
export function divergence(
  container: ObservedContainer,
  {
    project,
    service,
    observed,
    hashes,
  }: { project: Project; service: Service; observed: Observed; hashes: ReadonlySet<string> },
): string | undefined {
  const { labels } = container;
  if (!hashes.has(labels[label.configHash] ?? '')) return 'its configuration changed';
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
