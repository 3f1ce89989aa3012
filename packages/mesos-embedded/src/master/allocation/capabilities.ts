import { isRevocable, isShared, type Resource } from '@kmd/mesos-client';

import type { Agent } from '../agent.js';
import type { Framework } from '../framework.js';
import { hasCapability } from '../framework-info.js';

/** GPUs are kept for those who know them (--filter_gpu_resources): others do not see agents that have some. */
export function mayUse(framework: Framework, agent: Agent): boolean {
  return !agent.hasGpu || hasCapability(framework.info, 'GPU_RESOURCES');
}

/** Resources of a kind that a framework does not know are not offered to it. */
export function usableBy(framework: Framework, resource: Resource): boolean {
  const knows = hasCapability.bind(undefined, framework.info);
  if (isShared(resource) && !knows('SHARED_RESOURCES')) return false;
  if (isRevocable(resource) && !knows('REVOCABLE_RESOURCES')) return false;
  return (resource.reservations ?? []).length < 2 || knows('RESERVATION_REFINEMENT');
}
