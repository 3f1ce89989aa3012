import type { FrameworkInfo, TaskState } from '@kmd/mesos-client';

import type { Executor } from './executor.js';

/** How many ended executors are remembered of a framework (--max_completed_executors_per_framework). */
const rememberedExecutors = 150;

/** A framework that has, or had, executors on this agent. */
export class AgentFramework {
  readonly id: string;
  info: FrameworkInfo;
  readonly executors = new Map<string, Executor>();
  readonly completedExecutors: Executor[] = [];
  /** It was removed: what its executors still say is not listened to. */
  terminating = false;

  constructor(info: FrameworkInfo) {
    this.id = info.id?.value ?? '';
    this.info = info;
  }

  knows(capability: string): boolean {
    return this.info.capabilities?.some(({ type }) => type === capability) === true;
  }

  /** Its executors outlive the agent. */
  get checkpoints(): boolean {
    return this.info.checkpoint === true;
  }

  /** What tasks become that never reached an executor. */
  get lost(): TaskState {
    return this.knows('PARTITION_AWARE') ? 'TASK_DROPPED' : 'TASK_LOST';
  }

  /** What tasks become that ran, and run no more without anybody's word how they ended. */
  get gone(): TaskState {
    return this.knows('PARTITION_AWARE') ? 'TASK_GONE' : 'TASK_LOST';
  }

  /** Moves an executor that has ended to the completed ones. */
  retire(executor: Executor): void {
    if (this.executors.get(executor.id) !== executor) return;
    this.executors.delete(executor.id);
    this.completedExecutors.push(executor);
    if (this.completedExecutors.length > rememberedExecutors) this.completedExecutors.shift();
  }

  /** The executor of a task that has not been completed. */
  executorOf(taskId: string): Executor | undefined {
    return [...this.executors.values(), ...this.completedExecutors].find(({ tasks }) => tasks.has(taskId));
  }
}
