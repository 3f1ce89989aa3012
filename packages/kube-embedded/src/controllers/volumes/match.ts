import { matchesLabelSelector } from '@kmd/kube-client';
import { readQuantity } from '../../json/quantity.js';
import { isDeleting, nameOf, namespaceOf, uidOf } from '../ownership.js';
import type { PersistentVolume, PersistentVolumeClaim } from './kinds.js';

const capacityOf = (volume: PersistentVolume): bigint => readQuantity(volume.spec?.capacity?.['storage'] ?? '0') ?? 0n;

/** Whether a volume is held for this claim: by name, before the claim was there, or for good. */
export function isFor(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const { namespace, name, uid } = volume.spec?.claimRef ?? {};
  if (namespace !== namespaceOf(claim) || name !== nameOf(claim)) return false;
  return uid === undefined || uid === '' || uid === uidOf(claim);
}

function fits(volume: PersistentVolume, { spec }: PersistentVolumeClaim): boolean {
  const modes = volume.spec?.accessModes ?? [];
  return (
    (volume.spec?.storageClassName ?? '') === (spec?.storageClassName ?? '') &&
    (volume.spec?.volumeMode ?? 'Filesystem') === (spec?.volumeMode ?? 'Filesystem') &&
    (spec?.accessModes ?? []).every((mode) => modes.includes(mode)) &&
    (spec?.selector === undefined || matchesLabelSelector(spec.selector, volume.metadata?.labels)) &&
    capacityOf(volume) >= (readQuantity(spec?.resources?.requests?.['storage'] ?? '0') ?? 0n)
  );
}

/** The volume for a claim: the one that it names, one that is held for it, or the smallest that fits and nobody has. */
export function findVolume(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
): PersistentVolume | undefined {
  const wanted = claim.spec?.volumeName ?? '';
  const free = volumes.filter((volume) => !isDeleting(volume) && (!volume.spec?.claimRef || isFor(volume, claim)));
  if (wanted !== '') return free.find((volume) => nameOf(volume) === wanted);
  const held = free.find((volume) => isFor(volume, claim));
  if (held) return held;
  const [smallest] = free
    .filter((volume) => fits(volume, claim))
    .toSorted((a, b) => Number(capacityOf(a) - capacityOf(b)) || (nameOf(a) < nameOf(b) ? -1 : 1));
  return smallest;
}
