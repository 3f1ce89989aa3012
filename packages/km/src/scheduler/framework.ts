import type { FrameworkInfo } from '@kmd/mesos-client';
import type { Roles } from '../pod/roles.js';
import type { SchedulerOptions } from './options.js';

/** How the framework describes itself to the master (spec B6). */
export function describeFramework(options: SchedulerOptions, roles: Roles): FrameworkInfo {
  return {
    user: options.user ?? 'root',
    name: options.frameworkName ?? 'Kubernetes',
    roles: [roles.subscribed],
    // Not PARTITION_AWARE: the tasks of an agent that is cut off are lost, their pods replaced, and the agent kills them on its return.
    // Agents with GPUs are offered to those only who say that they know them.
    capabilities: [{ type: 'MULTI_ROLE' }, { type: 'TASK_KILLING_STATE' }, { type: 'GPU_RESOURCES' }],
    checkpoint: options.checkpoint ?? false,
    ...(options.failoverTimeout === undefined ? {} : { failover_timeout: options.failoverTimeout }),
    ...(options.hostname === undefined ? {} : { hostname: options.hostname }),
    ...(options.webuiUrl === undefined ? {} : { webui_url: options.webuiUrl }),
    ...(options.principal === undefined ? {} : { principal: options.principal }),
  };
}
