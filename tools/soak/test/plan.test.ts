import { describe, expect, it } from 'vitest';
import { PROCESSES } from '../src/cluster/topology.js';
import { readAccounts } from '../src/ledger.js';
import { makePlan } from '../src/plan.js';

const options = { seed: 7, seconds: 600, gap: 1_000, kinds: PROCESSES };

describe('a plan of faults', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(makePlan(options)).toEqual(makePlan(options));
    expect(makePlan({ ...options, seed: 8 })).not.toEqual(makePlan(options));
  });

  it('hits every process, and every kind in both ways', () => {
    const hit = new Set(
      makePlan(options).map(({ action, target }) => `${action} ${'process' in target ? target.process : target.some}`),
    );
    const names = [...Object.values(PROCESSES).flat(), 'executor', 'task'];
    expect([...hit].sort()).toEqual(names.flatMap((name) => [`kill ${name}`, `pause ${name}`]).sort());
  });

  it('never hits a process that is down already, and is over when its time is', () => {
    const downUntil = new Map<string, number>();
    for (const { at, target, lasts } of makePlan(options)) {
      expect(at + lasts).toBeLessThan(options.seconds * 1_000);
      if (!('process' in target)) continue;
      expect(at).toBeGreaterThan(downUntil.get(target.process) ?? 0);
      downUntil.set(target.process, at + lasts);
    }
  });

  it('hits only the kinds that were asked for', () => {
    const { agent = [] } = PROCESSES;
    const plan = makePlan({ ...options, kinds: { agent } });
    expect(plan.length).toBeGreaterThan(50);
    expect(plan.every(({ target }) => 'process' in target && agent.includes(target.process))).toBe(true);
  });
});

describe('a ledger', () => {
  const lines = (...entries: readonly object[]): string =>
    entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');

  it('tells what became of each task: one that ended stays ended, one that was never sent is none', () => {
    const accounts = readAccounts(
      lines(
        { at: 1, launch: 'a', agent: 's', seconds: 1 },
        { at: 2, launch: 'b', agent: 's', seconds: 1 },
        { at: 3, launch: 'c', agent: 's', seconds: 1 },
        { at: 4, withdrawn: 'b', why: 'no subscription' },
        { at: 5, update: 'a', state: 'TASK_RUNNING' },
        { at: 6, update: 'a', state: 'TASK_FINISHED' },
        { at: 7, update: 'a', state: 'TASK_RUNNING' },
        { at: 8, update: 'c', state: 'TASK_UNREACHABLE' },
      ),
    );
    expect([...accounts.values()].map(({ id, state, endedAt }) => [id, state, endedAt])).toEqual([
      ['a', 'TASK_FINISHED', 6],
      ['c', 'TASK_UNREACHABLE', undefined],
    ]);
  });

  it('leaves a line out that is being written', () => {
    expect(readAccounts(`${lines({ at: 1, launch: 'a', agent: 's', seconds: 1 })}{"at":2,"upd`).size).toBe(1);
  });
});
