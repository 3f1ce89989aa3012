import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MarkedProcess } from './cluster/process-table.js';
import { Ledger, type Account } from './ledger.js';
import type { Places } from './cluster/topology.js';

/** Something that must not be. */
export interface Finding {
  readonly kind: 'lost' | 'doubled' | 'leaked' | 'broken';
  /** The task, or the process. */
  readonly what: string;
  readonly why: string;
  /** What is known of it. */
  readonly lines: readonly string[];
}

/** What all schedulers wrote down, by task. */
export function readLedgers({ ledgers }: Places): Map<string, Account> {
  return new Map(Object.values(ledgers).flatMap((path) => [...new Ledger(path).read()]));
}

/** Tasks that left more than one line when they started. */
export function findDoubled(starts: string, accounts: ReadonlyMap<string, Account>): Finding[] {
  return readdirSync(starts).flatMap((id) => {
    const pids = readFileSync(join(starts, id), 'utf8').trim().split('\n');
    if (pids.length < 2) return [];
    const why = `started ${String(pids.length)} times (pids ${pids.join(', ')})`;
    return [{ kind: 'doubled', what: id, why, lines: accounts.get(id)?.lines ?? [] }];
  });
}

/** Processes of tasks that had ended before `settled`, or that nobody ever launched. */
export function findLeaked(
  processes: readonly MarkedProcess[],
  accounts: ReadonlyMap<string, Account>,
  settled: (process: MarkedProcess) => number,
): Finding[] {
  return processes.flatMap((process) => {
    if (process.task === undefined) return [];
    const account = accounts.get(process.task);
    if (account && (account.endedAt === undefined || account.endedAt > settled(process))) return [];
    const why = `process ${String(process.pid)} lives in ${process.sandbox}, but the task ${account ? `is ${String(account.state)}` : 'was never launched'}`;
    return [{ kind: 'leaked', what: process.task, why, lines: account?.lines ?? [] }];
  });
}

/** Tasks that are to run for less than so many seconds have ended by themselves when all is quiet. */
const SHORT = 10;

/**
 * Whether everybody agrees: every task that has not ended is known to run by its scheduler (`accounts`), by the master (`known`, states by id),
 * and has a process; and no other task is.
 */
export function compare(
  accounts: ReadonlyMap<string, Account>,
  known: ReadonlyMap<string, string>,
  processes: ReadonlySet<string | undefined>,
): Finding[] {
  const open = [...accounts.values()].filter(({ endedAt }) => endedAt === undefined);
  const wrong = open.flatMap((account): Finding[] => {
    const why = whatIsWrong(account, known.get(account.id), processes.has(account.id));
    return why === undefined ? [] : [{ kind: 'lost', what: account.id, why, lines: account.lines }];
  });
  const strange = [...known].flatMap(([id, state]): Finding[] => {
    const account = accounts.get(id);
    if (account && account.endedAt === undefined) return [];
    const why = `the master has ${state}, the scheduler ${account?.state ?? 'never launched it'}`;
    return [{ kind: 'lost', what: id, why, lines: account?.lines ?? [] }];
  });
  return [...wrong, ...strange];
}

function whatIsWrong({ state, seconds }: Account, known: string | undefined, alive: boolean): string | undefined {
  if (known === undefined) return `the scheduler has ${state ?? 'nothing'}, the master does not know it`;
  if (known !== state) return `the scheduler was told ${state ?? 'nothing'}, the master has ${known}`;
  if (state !== 'TASK_RUNNING') return `it is ${state}`;
  if (!alive) return 'it is TASK_RUNNING without a process';
  return seconds < SHORT ? 'it should have ended by itself' : undefined;
}

/** Every finding once, however often it is found. */
export class Findings {
  readonly #found = new Map<string, Finding>();

  /** Gives those that are new. */
  add(findings: readonly Finding[]): Finding[] {
    const fresh: Finding[] = [];
    for (const finding of findings) {
      const key = `${finding.kind} ${finding.what}`;
      if (this.#found.has(key)) continue;
      this.#found.set(key, finding);
      fresh.push(finding);
    }
    return fresh;
  }

  count(kind: Finding['kind']): number {
    return [...this.#found.values()].filter((finding) => finding.kind === kind).length;
  }

  get size(): number {
    return this.#found.size;
  }
}
