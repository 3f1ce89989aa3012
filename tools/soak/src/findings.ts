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
