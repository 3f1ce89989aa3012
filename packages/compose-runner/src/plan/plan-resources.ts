import { networkHash, volumeHash, type Project } from '@kmd/compose-model';
import { label } from '../labels.js';
import type { Observed } from '../observe/observed.js';
import { RunnerError } from '../runner-error.js';
import type { Steps } from './steps.js';

/** Networks that are missing or differ. @returns the names of those that are made anew */
export function planNetworks(
  project: Project,
  observed: Observed,
  used: ReadonlySet<string>,
  steps: Steps,
  warnings: string[],
): Set<string> {
  const renewed = new Set<string>();
  for (const [key, network] of Object.entries(project.networks)) {
    if (!used.has(key)) continue;
    const name = network.name ?? key;
    const found = observed.networks.filter((one) => one.name === name);
    const own = found.find(({ labels }) => labels[label.project] === project.name && labels[label.network] === key);
    if (network.external === true) {
      if (found.length > 0) continue;
      throw new RunnerError(
        'external-missing',
        `networks.${key}: ${name} is declared external and is not there; create it, or take external away`,
      );
    }
    if (own === undefined && found.length > 0) {
      warnings.push(
        `network ${name} was not made for this project; it is used as it is. external: true says so in the file`,
      );
      continue;
    }
    const hash = own?.labels[label.configHash];
    const changed = hash !== undefined && hash !== networkHash(network);
    if (own !== undefined && !changed) continue;
    if (own !== undefined) {
      const attached = observed.containers.filter((one) => one.networks.includes(name)).map((one) => one.name);
      steps.add(`remove network ${name}`, { type: 'remove-network', id: own.id, name, attached, unlessUsed: false });
      renewed.add(name);
    }
    steps.add(`create network ${name}`, { type: 'create-network', key, name }, [`remove network ${name}`]);
  }
  return renewed;
}

/** Volumes that are missing or differ. @returns the ids of containers that go, since a volume of theirs is made anew */
export function planVolumes(
  project: Project,
  observed: Observed,
  {
    used,
    options,
    steps,
    warnings,
  }: { used: ReadonlySet<string>; options: { readonly recreateVolumes?: boolean }; steps: Steps; warnings: string[] },
): Set<string> {
  const renewed = new Set<string>();
  for (const [key, volume] of Object.entries(project.volumes)) {
    if (!used.has(key)) continue;
    const name = volume.name ?? key;
    const found = observed.volumes.find((one) => one.name === name);
    if (volume.external === true) {
      if (found !== undefined) continue;
      throw new RunnerError(
        'external-missing',
        `volumes.${key}: ${name} is declared external and is not there; create it, or take external away`,
      );
    }
    const hash = found?.labels[label.configHash];
    if (found !== undefined && found.labels[label.project] !== project.name) {
      warnings.push(
        `volume ${name} was not made for this project; it is used as it is. external: true says so in the file`,
      );
      continue;
    }
    if (found !== undefined && (hash === undefined || hash === volumeHash(volume))) continue;
    if (found !== undefined) {
      if (options.recreateVolumes !== true) {
        warnings.push(
          `volume ${name}: its configuration changed, and it is kept as it is, since its data would be lost`,
        );
        continue;
      }
      const mounted = observed.containers.filter((one) => one.mounts.some((mount) => mount.name === name));
      const removed = mounted.map((container) => {
        steps.add(`stop ${container.name}`, { type: 'stop', container });
        return steps.add(`remove ${container.name}`, { type: 'remove', container, volumes: false }, [
          `stop ${container.name}`,
        ]);
      });
      for (const { id } of mounted) renewed.add(id);
      steps.add(`remove volume ${name}`, { type: 'remove-volume', volume: found }, removed);
    }
    steps.add(`create volume ${name}`, { type: 'create-volume', key, name }, [`remove volume ${name}`]);
  }
  return renewed;
}
