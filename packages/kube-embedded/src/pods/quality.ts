import { type JsonObject, objectAt, objectsAt, textAt } from '../json/tree.js';

/**
 * The pod's quality of service: `Guaranteed` when every container limits cpu and memory to what it requests, `BestEffort` when
 * none says anything, else `Burstable`.
 */
export function qualityOfService(pod: JsonObject): string {
  const containers = [...objectsAt(pod, 'spec', 'containers'), ...objectsAt(pod, 'spec', 'initContainers')];
  let any = false;
  let guaranteed = containers.length > 0;
  for (const container of containers) {
    const requests = objectAt(container, 'resources', 'requests') ?? {};
    const limits = objectAt(container, 'resources', 'limits') ?? {};
    for (const name of ['cpu', 'memory']) {
      const request = textAt(requests, name);
      const limit = textAt(limits, name);
      if (!isZero(request) || !isZero(limit)) any = true;
      if (isZero(limit) || (request !== undefined && request !== limit)) guaranteed = false;
    }
  }
  if (!any) return 'BestEffort';
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

const isZero = (quantity: string | undefined): boolean => quantity === undefined || Number.parseFloat(quantity) === 0;
