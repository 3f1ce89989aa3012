import type { KillPolicy, TaskInfo, TaskState, TaskStatus } from '@kmd/mesos-client';

import type { Clock, Timer } from '../clock.js';
import { describeExit } from './exit.js';
import type { Exit, Launched } from './launcher.js';

/** Time between SIGTERM and SIGKILL unless a kill policy says otherwise, in milliseconds (src/slave/constants.hpp). */
const defaultGracePeriod = 3000;

/** Milliseconds of a kill policy. */
export function gracePeriod(...policies: readonly (KillPolicy | undefined)[]): number {
  for (const policy of policies) {
    if (policy?.grace_period !== undefined) return policy.grace_period.nanoseconds / 1e6;
  }
  return defaultGracePeriod;
}

/** A task whose command the agent runs itself: what Mesos' command and default executors do. */
export class CommandRun {
  readonly task: TaskInfo;
  /** That of a task in a group, inside its executor's. */
  readonly containerId: string | undefined;
  readonly #clock: Clock;
  readonly #update: (state: TaskState, fields: Partial<TaskStatus>) => void;
  readonly #killingState: boolean;
  #launched: Launched | undefined;
  #killed = false;
  #outOfTime = false;
  #ended = false;
  #graceTimer: Timer | undefined;
  #completionTimer: Timer | undefined;

  constructor(options: {
    task: TaskInfo;
    containerId?: string | undefined;
    clock: Clock;
    /** The framework knows TASK_KILLING. */
    killingState: boolean;
    update: (state: TaskState, fields: Partial<TaskStatus>) => void;
  }) {
    this.task = options.task;
    this.containerId = options.containerId;
    this.#clock = options.clock;
    this.#killingState = options.killingState;
    this.#update = options.update;
  }

  /** Starts the command and tells its states; resolves with how it ended, after the last update. */
  async run(launch: () => Launched): Promise<Exit> {
    const launched = (this.#launched = launch());
    this.#update('TASK_STARTING', {});
    this.#update('TASK_RUNNING', {});
    const limit = this.task.max_completion_time;
    if (limit !== undefined) {
      this.#completionTimer = this.#clock.after(limit.nanoseconds / 1e6, () => {
        this.#outOfTime = true;
        this.#terminate(gracePeriod(this.task.kill_policy));
      });
    }
    try {
      const exit = await launched.exited;
      this.#finish(describeExit(exit), exit.code === 0);
      return exit;
    } catch (error) {
      this.#finish(`Failed to execute the command: ${error instanceof Error ? error.message : String(error)}`, false);
      return { code: 1, signal: null };
    }
  }

  get pid(): number | undefined {
    return this.#launched?.pid;
  }

  kill(policy?: KillPolicy): void {
    if (this.#killed || this.#ended) return;
    this.#killed = true;
    if (this.#killingState) this.#update('TASK_KILLING', {});
    this.#terminate(gracePeriod(policy, this.task.kill_policy));
  }

  /** Ends the process at once, without grace. */
  destroy(): void {
    this.#killed = true;
    this.#launched?.kill('SIGKILL');
  }

  #terminate(grace: number): void {
    this.#launched?.kill('SIGTERM');
    this.#graceTimer = this.#clock.after(grace, () => {
      this.#launched?.kill('SIGKILL');
    });
  }

  #finish(message: string, success: boolean): void {
    this.#ended = true;
    this.#graceTimer?.cancel();
    this.#completionTimer?.cancel();
    if (this.#outOfTime) this.#update('TASK_FAILED', { message, reason: 'REASON_MAX_COMPLETION_TIME_REACHED' });
    else if (this.#killed) this.#update('TASK_KILLED', { message });
    else this.#update(success ? 'TASK_FINISHED' : 'TASK_FAILED', { message });
  }
}
