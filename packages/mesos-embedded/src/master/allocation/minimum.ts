import { containsQuantities, parseQuantities, quantitiesOf, type Resource } from '@kmd/mesos-client';

import type { Framework } from '../framework.js';
import type { Quantities } from './holdings.js';

/** Alternatives such as `cpus:0.01|mem:32`: an offer holds one of them at least (--min_allocatable_resources). Empty: anything goes. */
export function parseMinimum(text: string): Quantities[] {
  return text.trim() === '' ? [] : text.split('|').map((part) => parseQuantities(part));
}

/** Whether an offer is worth making: the framework's own minimum for the role counts before that of the master. */
export function isWorthOffering(
  resources: readonly Resource[],
  role: string,
  { info }: Framework,
  general: readonly Quantities[],
): boolean {
  if (resources.length === 0) return false;
  const own = info.offer_filters?.[role]?.min_allocatable_resources;
  const minimum =
    own === undefined
      ? general
      : (own.quantities ?? []).map(
          ({ quantities = {} }) => new Map(Object.entries(quantities).map(([name, { value }]) => [name, value])),
        );
  if (minimum.length === 0) return true;
  const offered = quantitiesOf(resources);
  return minimum.some((alternative) => containsQuantities(offered, alternative));
}
