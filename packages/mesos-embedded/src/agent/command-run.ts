import type { KillPolicy, TaskInfo, TaskState, TaskStatus } from '@kmd/mesos-client';

import type { Clock, Timer } from '../clock.js';
import { Checker, checkProbe, emptyStatus, healthProbe, judgeHealth, tellChanges } from './checks.js';
import { describeExit } from './exit.js';
import type { Exit, Launched } from './launcher.js';
import type { ProbeSurroundings } from './probe.js';

/** Time between SIGTERM and SIGKILL unless a kill policy says otherwise, in milliseconds (src/slave/constants.hpp). */
const defaultGracePeriod = 3000;

/** Milliseconds of a kill policy. */
export function gracePeriod(...policies: readonly (KillPolicy | undefined)[]): number {
  for (const policy of policies) {
    if (policy?.grace_period !== undefined) return policy.grace_period.nanoseconds / 1e6;
  }
  return defaultGracePeriod;
}

/** What an agent before this one did with a command. Times are milliseconds since the epoch. */
export interface EarlierRun {
  readonly state: TaskState;
  readonly began: number;
  /** It is being killed, and has until then. */
  readonly killUntil?: number | undefined;
}

/** A task whose command the agent runs itself: what Mesos' command and default executors do. */
export class CommandRun {
  readonly task: TaskInfo;
  /** That of a task in a group, inside its executor's. */
  readonly containerId: string | undefined;
  readonly #clock: Clock;
  readonly #update: (state: TaskState, fields: Partial<TaskStatus>) => void;
  readonly #killing: (until: number) => void;
  readonly #killingState: boolean;
  readonly #surroundings: ProbeSurroundings;
  #launched: Launched | undefined;
  #killed = false;
  #unhealthy = false;
  #outOfTime = false;
  #ended = false;
  /** When SIGKILL follows, in milliseconds since the epoch. */
  #killUntil = Number.POSITIVE_INFINITY;
  #killBegan = 0;
  #graceTimer: Timer | undefined;
  #completionTimer: Timer | undefined;
  #checkers: Checker[] = [];
  /** What checks have said last. */
  #seen: Pick<TaskStatus, 'healthy' | 'check_status'> = {};

  constructor(options: {
    task: TaskInfo;
    containerId?: string | undefined;
    clock: Clock;
    /** The framework knows TASK_KILLING. */
    killingState: boolean;
    /** Where commands of checks run. */
    surroundings: ProbeSurroundings;
    update: (state: TaskState, fields: Partial<TaskStatus>) => void;
    /** It is being killed, and has until then (milliseconds since the epoch). */
    killing?: ((until: number) => void) | undefined;
  }) {
    this.task = options.task;
    this.containerId = options.containerId;
    this.#clock = options.clock;
    this.#killingState = options.killingState;
    this.#surroundings = options.surroundings;
    this.#update = options.update;
    this.#killing = options.killing ?? ((): void => undefined);
  }

  /** Starts the command and tells its states; resolves with how it ended, after the last update. */
  async run(launch: () => Launched): Promise<Exit> {
    const began = this.#clock.now();
    this.#launched = launch();
    this.#tell('TASK_STARTING');
    return this.#follow(this.#launched, began);
  }

  /** Goes on where an agent before this one was: it started the command, which may have ended meanwhile. */
  async goOn(launched: Launched, { state, began, killUntil }: EarlierRun): Promise<Exit> {
    this.#launched = launched;
    if (state === 'TASK_STAGING') this.#tell('TASK_STARTING');
    if (killUntil !== undefined) {
      this.#killed = true;
      this.#killAt(killUntil);
    }
    return this.#follow(launched, began, state === 'TASK_RUNNING' || state === 'TASK_KILLING');
  }

  async #follow(launched: Launched, began: number, told = false): Promise<Exit> {
    if (!told) this.#tell('TASK_RUNNING');
    if (!this.#killed) this.#startChecks();
    const limit = this.task.max_completion_time;
    if (limit !== undefined && !this.#killed) {
      this.#completionTimer = this.#clock.after(began + limit.nanoseconds / 1e6 - this.#clock.now(), () => {
        this.#outOfTime = true;
        // Without grace (src/launcher/executor.cpp).
        this.#terminate(0);
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

  /** Kills the command; another word while that is under way may shorten its time, never lengthen it. */
  kill(policy?: KillPolicy): void {
    if (this.#ended) return;
    const grace = gracePeriod(policy, this.task.kill_policy);
    if (this.#killed) {
      this.#killAt(Math.min(this.#killUntil, this.#killBegan + grace));
      return;
    }
    this.#killed = true;
    if (this.#killingState) this.#tell('TASK_KILLING');
    this.#terminate(grace);
  }

  /** Forgets the command, which runs on. */
  letGo(): void {
    this.#ended = true;
    this.#quieten();
    this.#launched?.letGo?.();
  }

  #terminate(grace: number): void {
    this.#stopChecks();
    this.#completionTimer?.cancel();
    this.#killBegan = this.#clock.now();
    this.#launched?.kill('SIGTERM');
    this.#killAt(this.#killBegan + grace);
  }

  #killAt(until: number): void {
    this.#killUntil = until;
    this.#killing(until);
    this.#graceTimer?.cancel();
    this.#graceTimer = this.#clock.after(Math.max(until - this.#clock.now(), 0), () => {
      this.#launched?.kill('SIGKILL');
    });
  }

  #startChecks(): void {
    const { check, health_check: health } = this.task;
    const clock = this.#clock;
    const surroundings = this.#surroundings;
    const probe = check === undefined ? undefined : checkProbe(check);
    if (check !== undefined && probe !== undefined) {
      const seen = tellChanges(check, (check_status) => {
        this.#tellSeen({ check_status }, 'REASON_TASK_CHECK_STATUS_UPDATED');
      });
      this.#checkers.push(new Checker({ clock, probe, surroundings, times: check, seen }));
    }
    const alive = health === undefined ? undefined : healthProbe(health);
    if (health === undefined || alive === undefined) return;
    const judge = judgeHealth(health, clock);
    this.#checkers.push(
      new Checker({
        clock,
        probe: alive,
        surroundings,
        times: health,
        seen: (result) => {
          const verdict = judge(result);
          if (verdict === undefined) return;
          this.#tellSeen({ healthy: verdict.healthy }, 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED');
          if (!verdict.fatal) return;
          this.#unhealthy = true;
          this.kill();
        },
      }),
    );
  }

  #stopChecks(): void {
    for (const checker of this.#checkers.splice(0)) checker.stop();
  }

  #quieten(): void {
    this.#stopChecks();
    this.#graceTimer?.cancel();
    this.#completionTimer?.cancel();
  }

  /** A new state: what checks saw before is not told again, but there is always a status of a check. */
  #tell(state: TaskState, fields: Partial<TaskStatus> = {}): void {
    const { check } = this.task;
    const status = check === undefined ? {} : { check_status: emptyStatus(check) };
    this.#seen = status;
    this.#update(state, { ...status, ...fields });
  }

  #tellSeen(seen: Pick<TaskStatus, 'healthy' | 'check_status'>, reason: NonNullable<TaskStatus['reason']>): void {
    if (this.#killed || this.#ended) return;
    this.#seen = { ...this.#seen, ...seen };
    this.#update('TASK_RUNNING', { ...this.#seen, reason });
  }

  #finish(message: string, success: boolean): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#quieten();
    if (this.#outOfTime) this.#tell('TASK_FAILED', { message, reason: 'REASON_MAX_COMPLETION_TIME_REACHED' });
    else if (this.#killed) this.#tell('TASK_KILLED', { message, ...(this.#unhealthy ? { healthy: false } : {}) });
    else this.#tell(success ? 'TASK_FINISHED' : 'TASK_FAILED', { message });
  }
}
