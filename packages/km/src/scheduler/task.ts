import { randomUUID } from 'node:crypto';
import type { Pod } from '@kmd/kube-client';
import type { ExecutorInfo, TaskInfo } from '@kmd/mesos-client';
import {
  AGENT_ID,
  BINDING_HOST,
  EXECUTOR_ID,
  LAUNCHED_AT,
  OFFER_ID,
  OFFERED_AT,
  QUEUED_AT,
  TASK_ID,
} from '../annotation.js';
import type { Fit } from '../offer/fit.js';
import { containerDefaults, limitContainer, type ContainerDefaults } from '../pod/demand.js';
import { portAnnotations, type MappedPort } from '../pod/ports.js';

/** `pod.<uuid>`, as the original named its tasks. */
export const newTaskId = (): string => `pod.${randomUUID()}`;

export interface TaskSite {
  readonly taskId: string;
  readonly agentId: string;
  readonly hostname: string;
  readonly offerId: string;
  readonly executor: ExecutorInfo;
  readonly times: LaunchTimes;
}

/** Milliseconds since the epoch. */
export interface LaunchTimes {
  readonly queued: number;
  readonly offered: number;
  readonly launched: number;
}

const timestamp = (milliseconds: number): string => new Date(milliseconds).toISOString();

/**
 * The pod as its executor gets it (spec B12): with the annotations by which everybody finds its task, the host ports chosen for it,
 * and the limits that were counted. The API server gets only the annotations, and only when the executor binds the pod.
 */
export function preparePod(
  pod: Pod,
  site: TaskSite,
  ports: readonly MappedPort[],
  defaults: ContainerDefaults = containerDefaults,
): Pod {
  const containers = (pod.spec?.containers ?? []).map((container, position) => {
    const limited = limitContainer(container, defaults);
    const mapped = ports.filter((port) => port.container === position);
    if (mapped.length === 0 || !limited.ports) return limited;
    return {
      ...limited,
      ports: limited.ports.map((port, index) => {
        const found = mapped.find((candidate) => candidate.index === index);
        return found ? { ...port, hostPort: found.hostPort } : port;
      }),
    };
  });
  return {
    ...pod,
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...pod.metadata,
      annotations: {
        ...pod.metadata?.annotations,
        ...portAnnotations(ports),
        [BINDING_HOST]: site.hostname,
        [TASK_ID]: site.taskId,
        [AGENT_ID]: site.agentId,
        [OFFER_ID]: site.offerId,
        [EXECUTOR_ID]: site.executor.executor_id.value,
        [QUEUED_AT]: timestamp(site.times.queued),
        [OFFERED_AT]: timestamp(site.times.offered),
        [LAUNCHED_AT]: timestamp(site.times.launched),
      },
    },
    spec: { ...pod.spec, containers },
  };
}

/** The Mesos task that runs a pod at the place where it fits. */
export function makeTask(pod: Pod, site: TaskSite, fit: Fit, defaults?: ContainerDefaults): TaskInfo {
  const prepared = preparePod(pod, site, fit.ports, defaults);
  return {
    name: `${pod.metadata?.name ?? ''}.${pod.metadata?.namespace ?? ''}.pod`,
    task_id: { value: site.taskId },
    agent_id: { value: site.agentId },
    resources: fit.resources,
    executor: site.executor,
    data: Buffer.from(JSON.stringify(prepared)).toString('base64'),
  };
}
