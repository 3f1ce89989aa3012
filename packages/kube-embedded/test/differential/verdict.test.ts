import { describe, expect, it } from 'vitest';
import { judge } from './verdict.js';

describe('the verdict on two servers', () => {
  const theirs = { one: [{ status: 200 }, { status: 404 }], two: [{ status: 201 }], three: [{ status: 200 }] };

  it('counts what agrees', () => {
    expect(judge(theirs, theirs, [])).toEqual({
      entries: 3,
      agreeing: 3,
      answers: 4,
      known: [],
      unknown: [],
      settled: [],
    });
  });

  it('tells known differences from others, by their step', () => {
    const ours = { ...theirs, one: [{ status: 500 }, { status: 500 }] };
    const verdict = judge(ours, theirs, [{ in: 'one', steps: [1], reason: 'said so' }]);
    expect(verdict.agreeing).toBe(2);
    expect(verdict.known).toMatchObject([{ name: 'one', step: 1, reason: 'said so' }]);
    expect(verdict.unknown).toEqual([{ name: 'one', step: 0, lines: ['status: 500, the real one says 200'] }]);
  });

  it('says which known differences are none any more, of those that were asked about', () => {
    const list = [
      { in: 'two', reason: 'was so once' },
      { in: 'not asked', reason: 'of another suite' },
    ];
    expect(judge(theirs, theirs, list).settled).toEqual([{ name: 'two', step: 0 }]);
  });

  it('takes what was not answered for different', () => {
    expect(judge({}, { one: [{ status: 200 }] }, []).unknown).toHaveLength(1);
  });
});
