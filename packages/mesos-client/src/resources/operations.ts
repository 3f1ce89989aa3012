import { ResourcesError } from '../errors.js';
import type { OfferOperation } from '../types/offer.js';
import type { Resource } from '../types/resource.js';
import { ResourceCollection } from './collection.js';
import { printResources } from './print.js';
import { popReservation } from './reservations.js';
import { upgradeResource } from './resource.js';
import { addScalars, subtractScalars } from './scalar.js';

/**
 * What resources become when a master applies an operation to them. LAUNCH, LAUNCH_GROUP, CREATE_DISK and DESTROY_DISK convert
 * nothing that a framework could foresee: they are refused, as is what the resources do not hold. Throws `ResourcesError`.
 */
export function applyOperation(resources: readonly Resource[], operation: OfferOperation): Resource[] {
  switch (operation.type) {
    case 'RESERVE': {
      const { source = [], resources: reserved = [] } = operation.reserve;
      return convert(resources, source.length > 0 ? source : popReservation(reserved), reserved);
    }
    case 'UNRESERVE':
      return (operation.unreserve.resources ?? []).reduce<Resource[]>(
        (total, reserved) => convert(total, [reserved], popReservation([reserved])),
        [...resources],
      );
    case 'CREATE':
      return (operation.create.volumes ?? []).reduce<Resource[]>(
        (total, volume) => convert(total, [stripVolume(volume)], [volume]),
        [...resources],
      );
    case 'DESTROY':
      return (operation.destroy.volumes ?? []).reduce<Resource[]>(destroy, [...resources]);
    case 'GROW_VOLUME': {
      const { volume, addition } = operation.grow_volume;
      const value = addScalars(volume.scalar?.value ?? 0, addition.scalar?.value ?? 0);
      return convert(resources, [volume, addition], [{ ...volume, scalar: { value } }]);
    }
    case 'SHRINK_VOLUME': {
      const { volume, subtract } = operation.shrink_volume;
      const value = subtractScalars(volume.scalar?.value ?? 0, subtract.value);
      const freed = { ...stripVolume(volume), scalar: subtract };
      return convert(resources, [volume], [{ ...volume, scalar: { value } }, freed]);
    }
    case 'LAUNCH':
    case 'LAUNCH_GROUP':
    case 'CREATE_DISK':
    case 'DESTROY_DISK':
      throw new ResourcesError(`${operation.type} cannot be applied to resources`);
  }
}

function convert(
  total: readonly Resource[],
  consumed: readonly Resource[],
  converted: readonly Resource[],
): Resource[] {
  const result = new ResourceCollection(total);
  if (!result.contains(consumed)) {
    throw new ResourcesError(`${printResources(total)} does not contain ${printResources(consumed)}`);
  }
  return result.subtract(consumed).add(converted).toArray();
}

function destroy(total: readonly Resource[], volume: Resource): Resource[] {
  const result = convert(total, [volume], [stripVolume(volume)]);
  if (new ResourceCollection(result).contains([volume])) {
    throw new ResourcesError(`${printResources([volume])} cannot be removed: there are further shared copies`);
  }
  return result;
}

/** The disk a volume was made of. */
function stripVolume(volume: Resource): Resource {
  const { disk, ...stripped } = upgradeResource(volume);
  delete stripped.shared;
  return disk?.source === undefined ? stripped : { ...stripped, disk: { source: disk.source } };
}
