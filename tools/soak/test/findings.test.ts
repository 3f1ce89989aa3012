import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { compare, findDoubled, Findings, findLeaked, type Finding } from '../src/findings.js';
import { readAccounts } from '../src/ledger.js';

const ledger = (...entries: readonly object[]) =>
  readAccounts(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
const launched = (id: string, seconds = 20) => ({ at: 1, launch: id, agent: 'S', seconds });
const told = (id: string, state: string, at = 2) => ({ at, update: id, state });
const brief = (findings: readonly Finding[]) => findings.map(({ kind, what, why }) => `${kind} ${what}: ${why}`);

let folder = '';
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('tasks that started', () => {
  it('twice are found', () => {
    folder = mkdtempSync(join(tmpdir(), 'soak-'));
    writeFileSync(join(folder, 'a'), '11\n');
    writeFileSync(join(folder, 'b'), '12\n13\n');
    expect(brief(findDoubled(folder, ledger()))).toEqual(['doubled b: started 2 times (pids 12, 13)']);
  });
});

describe('processes', () => {
  const alive = (task: string | undefined) => ({ pid: 7, task, sandbox: '/s' });

  it('of tasks that ended long ago, or that nobody launched, have leaked', () => {
    const accounts = ledger(
      launched('a'),
      launched('b'),
      launched('c'),
      told('b', 'TASK_GONE', 50),
      told('c', 'TASK_GONE', 90),
    );
    const processes = [...['a', 'b', 'c', 'd'].map(alive), alive(undefined)];
    expect(brief(findLeaked(processes, accounts, () => 60))).toEqual([
      'leaked b: process 7 lives in /s, but the task is TASK_GONE',
      'leaked d: process 7 lives in /s, but the task was never launched',
    ]);
    expect(findLeaked([alive('b')], accounts, () => -Infinity)).toEqual([]);
  });
});

describe('scheduler, master and process table', () => {
  const running = [launched('a'), told('a', 'TASK_RUNNING')];
  const compared = (entries: readonly object[], known: Record<string, string>, processes: readonly string[]) =>
    brief(compare(ledger(...entries), new Map(Object.entries(known)), new Set(processes)));

  it('agree', () => {
    const ended = [launched('b'), told('b', 'TASK_FINISHED')];
    expect(compared([...running, ...ended], { a: 'TASK_RUNNING' }, ['a'])).toEqual([]);
  });

  it('do not', () => {
    expect(compared(running, {}, ['a'])).toEqual([
      'lost a: the scheduler has TASK_RUNNING, the master does not know it',
    ]);
    expect(compared([launched('a')], { a: 'TASK_RUNNING' }, ['a'])).toEqual([
      'lost a: the scheduler was told nothing, the master has TASK_RUNNING',
    ]);
    expect(compared([...running, told('a', 'TASK_LOST')], { a: 'TASK_RUNNING' }, ['a'])).toEqual([
      'lost a: the master has TASK_RUNNING, the scheduler TASK_LOST',
    ]);
    expect(compared([], { a: 'TASK_STAGING' }, [])).toEqual([
      'lost a: the master has TASK_STAGING, the scheduler never launched it',
    ]);
    expect(compared(running, { a: 'TASK_RUNNING' }, [])).toEqual(['lost a: it is TASK_RUNNING without a process']);
    const staging = [launched('a'), told('a', 'TASK_STAGING')];
    expect(compared(staging, { a: 'TASK_STAGING' }, ['a'])).toEqual(['lost a: it is TASK_STAGING']);
    const short = [launched('a', 1), told('a', 'TASK_RUNNING')];
    expect(compared(short, { a: 'TASK_RUNNING' }, ['a'])).toEqual(['lost a: it should have ended by itself']);
  });
});

describe('findings', () => {
  it('are told once', () => {
    const findings = new Findings();
    const one: Finding = { kind: 'lost', what: 'a', why: 'x', lines: [] };
    expect(findings.add([one, { ...one, why: 'y' }, { ...one, kind: 'leaked' }])).toHaveLength(2);
    expect(findings.add([one])).toEqual([]);
    expect([findings.size, findings.count('lost'), findings.count('doubled')]).toEqual([2, 1, 0]);
  });
});
