import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a scheduler process is told, in a file whose path is its only argument. */
export interface SchedulerSettings {
  /** Name of the framework, and first part of the ids of its tasks. */
  readonly name: string;
  /** `command`: each task is a command of its own; `executor`: all of an agent's tasks share a custom executor. */
  readonly tasks: 'command' | 'executor';
  /**
   * Its tasks outlive a restart of their agent (`checkpoint`), and it is told that they are unreachable, rather than lost (PARTITION_AWARE).
   */
  readonly survives: boolean;
  /** Addresses of the masters. */
  readonly masters: readonly string[];
  /** Where it keeps its framework id, its tasks and its ledger. */
  readonly folder: string;
  /** Where each started task leaves a line in a file of its own. */
  readonly starts: string;
  /** Marks every process of this run. */
  readonly run: string;
  /** How many tasks shall run at a time. */
  readonly concurrency: number;
  readonly seed: number;
  /** Program and path of the custom executor. */
  readonly executor: readonly [string, string];
}

/** What all schedulers shall do now; a file, so that one that was killed reads it again. */
export type Phase =
  /** Launch and launch. */
  | 'run'
  /** Launch no more. */
  | 'hold'
  /** Kill what runs. */
  | 'kill'
  /** Tear the framework down, and end. */
  | 'teardown';

export function readSettings(path: string): SchedulerSettings {
  // Written by this tool and nobody else.
  return JSON.parse(readFileSync(path, 'utf8')) as SchedulerSettings;
}

export const ledgerOf = (folder: string): string => join(folder, 'ledger.ndjson');
export const phaseOf = (folder: string): string => join(folder, 'phase');

export function readPhase(folder: string): Phase {
  const text = readFileSync(phaseOf(folder), 'utf8');
  return text === 'hold' || text === 'kill' || text === 'teardown' ? text : 'run';
}
