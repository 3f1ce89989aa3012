import type { TaskState, TaskStatus } from '@kmd/mesos-client';
import { isTerminal } from '@kmd/mesos-client';

import type { Clock, Timer } from '../clock.js';

/** An unacknowledged update is sent again after 10 s, 20 s, 40 s … up to 10 min (trace 18; src/slave/constants.hpp). */
const firstRetry = 10_000;
const longestRetry = 10 * 60_000;

/** What goes to the master. */
export interface PendingUpdate {
  readonly frameworkId: string;
  readonly status: TaskStatus;
  readonly latestState: TaskState;
}

interface Line {
  readonly frameworkId: string;
  readonly waiting: TaskStatus[];
  readonly seen: Set<string>;
  timer: Timer | undefined;
  delay: number;
}

/** Keeps the updates of every task in their order: the next one goes out when the one before it was acknowledged. */
export class StatusUpdates {
  readonly #lines = new Map<string, Line>();
  readonly #clock: Clock;
  readonly #send: (update: PendingUpdate) => void;

  constructor(clock: Clock, send: (update: PendingUpdate) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  close(): void {
    for (const line of this.#lines.values()) line.timer?.cancel();
    this.#lines.clear();
  }

  /**
   * Takes an update; one that was taken before (by its uuid) is ignored. Returns whether it was new. `keep` is called before it goes
   * out.
   */
  add(frameworkId: string, status: TaskStatus, keep: () => void = () => undefined): boolean {
    const line = this.#line(frameworkId, status.task_id.value);
    const uuid = status.uuid ?? '';
    if (line.seen.has(uuid)) return false;
    keep();
    line.seen.add(uuid);
    line.waiting.push(status);
    if (line.waiting.length === 1) this.#forward(line);
    return true;
  }

  /** Takes what an agent before this one kept, acknowledged or not; it goes out with the next `resend`. */
  recover(frameworkId: string, status: TaskStatus, acknowledged: boolean): void {
    const line = this.#line(frameworkId, status.task_id.value);
    line.seen.add(status.uuid ?? '');
    if (!acknowledged) line.waiting.push(status);
  }

  #line(frameworkId: string, taskId: string): Line {
    const key = `${frameworkId}\0${taskId}`;
    let line = this.#lines.get(key);
    if (line === undefined) {
      this.#lines.set(key, (line = { frameworkId, waiting: [], seen: new Set(), timer: undefined, delay: firstRetry }));
    }
    return line;
  }

  /** The framework has the update. Returns its status, unless it is not the one that was waited for. */
  acknowledge(frameworkId: string, taskId: string, uuid: string): TaskStatus | undefined {
    const key = `${frameworkId}\0${taskId}`;
    const line = this.#lines.get(key);
    const status = line?.waiting[0];
    if (line === undefined || status?.uuid !== uuid) return undefined;
    line.waiting.shift();
    line.timer?.cancel();
    line.timer = undefined;
    line.delay = firstRetry;
    if (isTerminal(status.state)) this.#lines.delete(key);
    else if (line.waiting.length > 0) this.#forward(line);
    return status;
  }

  /** Sends what waits for a framework (or all of them) again, at once. */
  resend(frameworkId?: string): void {
    for (const line of this.#lines.values()) {
      if (frameworkId !== undefined && line.frameworkId !== frameworkId) continue;
      if (line.waiting.length === 0) continue;
      line.delay = firstRetry;
      this.#forward(line);
    }
  }

  /** Forgets a framework that is gone. */
  forget(frameworkId: string): void {
    for (const [key, line] of this.#lines) {
      if (line.frameworkId !== frameworkId) continue;
      line.timer?.cancel();
      this.#lines.delete(key);
    }
  }

  #forward(line: Line): void {
    const status = line.waiting[0];
    const latest = line.waiting.at(-1);
    if (status === undefined || latest === undefined) return;
    line.timer?.cancel();
    line.timer = this.#clock.after(line.delay, () => {
      line.delay = Math.min(line.delay * 2, longestRetry);
      this.#forward(line);
    });
    this.#send({ frameworkId: line.frameworkId, status, latestState: latest.state });
  }
}
