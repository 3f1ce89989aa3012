import type { Base64, ContainerID, ExecutorID, FrameworkID, TaskID } from './ids.js';
import type { AgentInfo, FrameworkInfo } from './node.js';
import type { ExecutorInfo, KillPolicy, TaskGroupInfo, TaskInfo, TaskStatus } from './task.js';

/** A call of an executor without its ids, which the client fills in. */
export type ExecutorCallBody =
  | {
      type: 'SUBSCRIBE';
      subscribe: {
        unacknowledged_tasks?: TaskInfo[] | undefined;
        unacknowledged_updates?: { status: TaskStatus }[] | undefined;
      };
    }
  | { type: 'UPDATE'; update: { status: TaskStatus } }
  | { type: 'MESSAGE'; message: { data: Base64 } }
  | { type: 'HEARTBEAT' };

/** A call of an executor as it travels. */
export type ExecutorCall = ExecutorCallBody & { executor_id: ExecutorID; framework_id: FrameworkID };

/** An event that the agent sends to an executor. */
export type ExecutorEvent =
  | {
      type: 'SUBSCRIBED';
      subscribed: {
        executor_info: ExecutorInfo;
        framework_info: FrameworkInfo;
        agent_info: AgentInfo;
        container_id?: ContainerID | undefined;
      };
    }
  | { type: 'LAUNCH'; launch: { task: TaskInfo } }
  | { type: 'LAUNCH_GROUP'; launch_group: { task_group: TaskGroupInfo } }
  | { type: 'KILL'; kill: { task_id: TaskID; kill_policy?: KillPolicy | undefined } }
  | { type: 'ACKNOWLEDGED'; acknowledged: { task_id: TaskID; uuid: Base64 } }
  | { type: 'MESSAGE'; message: { data: Base64 } }
  | { type: 'ERROR'; error: { message: string } }
  | { type: 'SHUTDOWN' }
  | { type: 'HEARTBEAT' };
