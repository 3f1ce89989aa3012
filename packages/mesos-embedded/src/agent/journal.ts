import { appendFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

import type { ExecutorInfo, TaskInfo, TaskStatus } from '@kmd/mesos-client';

import type { ExecutorKind } from './executor.js';
import type { SandboxUser } from './sandbox.js';

/** What happened to a run of an executor, in order. Times are milliseconds since the epoch. */
export type Entry =
  /** The first: the run itself. */
  | {
      entry: 'run';
      info: ExecutorInfo;
      kind: ExecutorKind;
      containerId: string;
      directory: string;
      user?: SandboxUser | undefined;
    }
  /** A task was launched; `containerId` is that of its own container, in a group. */
  | { entry: 'task'; task: TaskInfo; containerId?: string | undefined; group?: string | undefined }
  /** The process of the executor, or that of a task, was started. */
  | { entry: 'process'; taskId?: string | undefined; pid: number; started: string | undefined; at: number }
  /** The executor has these tasks. */
  | { entry: 'delivered'; taskIds: readonly string[] }
  | { entry: 'update'; status: TaskStatus }
  | { entry: 'acknowledged'; taskId: string; uuid: string }
  /** A task is being killed; it has until then. */
  | { entry: 'kill'; taskId: string; until: number }
  /** The executor has ended, and its framework was told. */
  | { entry: 'ended' };

/** A file to which the life of an executor's run is appended, one line of JSON each; read by the agent after this one. */
export class Journal {
  readonly path: string;
  #removed = false;

  constructor(path: string) {
    this.path = path;
    mkdirSync(dirname(path), { recursive: true });
  }

  add(entry: Entry): void {
    if (!this.#removed) appendFileSync(this.path, `${JSON.stringify(entry)}\n`);
  }

  /** Every whole line: the writer may have been killed within the last. */
  read(): Entry[] {
    const text = readFileSync(this.path, 'utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    // This package wrote it.
    return whole.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Entry]));
  }

  /** Forgets the run: nothing of it is left to be told. */
  remove(): void {
    this.#removed = true;
    rmSync(dirname(this.path), { recursive: true, force: true });
  }
}
