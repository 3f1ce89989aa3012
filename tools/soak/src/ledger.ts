import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { isTerminal, type TaskState } from '@kmd/mesos-client';

/** One line of a ledger. `at` is in milliseconds since the epoch. */
export type Entry = { readonly at: number } & (
  | { readonly launch: string; readonly agent: string; readonly seconds: number }
  /** The launch never left the scheduler. */
  | { readonly withdrawn: string; readonly why: string }
  | { readonly update: string; readonly state: TaskState; readonly why?: string | undefined }
  /** A new process of the scheduler writes from here on. */
  | { readonly started: number }
  | { readonly note: string }
);

/** A new line, before its time is put on it. */
export type Line = Entry extends infer Each ? (Each extends Entry ? Omit<Each, 'at'> : never) : never;

/** What a ledger says of one task. */
export interface Account {
  readonly id: string;
  readonly agent: string;
  /** How long it runs when nobody ends it. */
  readonly seconds: number;
  readonly launchedAt: number;
  /** The newest state; undefined before any. A task that ended stays ended. */
  state: TaskState | undefined;
  /** When it ended. */
  endedAt: number | undefined;
  /** Lines of the ledger, for whoever has to find out what happened. */
  readonly lines: string[];
}

/**
 * What a scheduler decided and heard, one JSON object a line, written before it acts. Each line is one write to a file: a killed process leaves
 * all of it or nothing.
 */
export class Ledger {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  write(line: Line): void {
    appendFileSync(this.#path, `${JSON.stringify({ ...line, at: Date.now() })}\n`);
  }

  /** Every task that was launched, whatever became of it. */
  read(): Map<string, Account> {
    return readAccounts(this.#text());
  }

  /** Notes a new process; gives how many there have been, so that no two give the same name to a task. */
  begin(): number {
    const started = this.#text().split('{"started":').length;
    this.write({ started });
    return started;
  }

  #text(): string {
    return existsSync(this.#path) ? readFileSync(this.#path, 'utf8') : '';
  }
}

export function readAccounts(text: string): Map<string, Account> {
  const accounts = new Map<string, Account>();
  for (const line of text.split('\n').slice(0, -1)) {
    // This tool writes the file and nobody else.
    const entry = JSON.parse(line) as Entry;
    if ('launch' in entry) {
      const { launch: id, agent, seconds, at } = entry;
      accounts.set(id, { id, agent, seconds, launchedAt: at, state: undefined, endedAt: undefined, lines: [line] });
    } else if ('withdrawn' in entry) {
      accounts.delete(entry.withdrawn);
    } else if ('update' in entry) {
      const account = accounts.get(entry.update);
      if (!account) continue;
      account.lines.push(line);
      if (account.endedAt !== undefined) continue;
      account.state = entry.state;
      if (isTerminal(entry.state) || entry.state === 'TASK_UNKNOWN') account.endedAt = entry.at;
    }
  }
  return accounts;
}
