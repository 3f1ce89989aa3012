import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

import { printDuration } from '@kmd/mesos-client';

import type { Clock } from '../clock.js';

/**
 * What Mesos' executor for one command writes into the `stderr` of its sandbox, besides what the command does
 * (src/exec/exec.cpp, src/launcher/executor.cpp of 1.11.0; the sizes of trace 40-operator-agent/17 agree).
 */
export class ExecutorLog {
  readonly #file: string;
  readonly #clock: Clock;

  constructor(directory: string, clock: Clock) {
    this.#file = join(directory, 'stderr');
    this.#clock = clock;
  }

  starting(taskId: string, agentId: string, hostname: string): void {
    this.#write([
      ['exec.cpp:164', 'Version: 1.11.0'],
      ['exec.cpp:237', `Executor registered on agent ${agentId}`],
      ['executor.cpp:190', 'Received SUBSCRIBED event'],
      ['executor.cpp:194', `Subscribed executor on ${hostname}`],
      ['executor.cpp:190', 'Received LAUNCH event'],
      ['executor.cpp:722', `Starting task ${taskId}`],
    ]);
  }

  forked(pid: number | undefined): void {
    if (pid !== undefined) this.#write([['executor.cpp:740', `Forked command at ${String(pid)}`]]);
  }

  /** `grace` in milliseconds. */
  killing(taskId: string, pid: number | undefined, grace: number): void {
    const period = printDuration(Math.round(grace));
    this.#write([
      ['executor.cpp:190', 'Received KILL event'],
      ['executor.cpp:835', `Received kill for task ${taskId} with grace period of ${period}`],
      ['executor.cpp:956', `Sending SIGTERM to process tree at pid ${String(pid ?? 0)}`],
      ['executor.cpp:973', `Scheduling escalation to SIGKILL in ${period} from now`],
    ]);
  }

  ended(message: string, pid: number | undefined): void {
    this.#write([['executor.cpp:1041', `${message} (pid: ${String(pid ?? 0)})`]]);
  }

  /** Lines as glog writes them: severity and date, time, thread, place, text. A sandbox may be gone already. */
  #write(lines: readonly (readonly [place: string, text: string])[]): void {
    const [date = '', time = ''] = new Date(this.#clock.now()).toISOString().split(/[TZ]/);
    const micros = String(Math.floor(this.#clock.now() * 1000) % 1000).padStart(3, '0');
    const prefix = `I${date.replaceAll('-', '')} ${time}${micros} ${String(process.pid).padStart(5)}`;
    try {
      appendFileSync(this.#file, lines.map(([place, text]) => `${prefix} ${place}] ${text}\n`).join(''));
    } catch {
      // Nobody can read a log without a folder.
    }
  }
}
