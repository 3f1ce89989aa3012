import { describe, expect, it } from 'vitest';
import { Backoff } from './backoff.js';

describe('Backoff', () => {
  it('waits anything up to a bound that doubles, up to the cap', () => {
    const most = new Backoff({ base: 100, cap: 500, random: () => 1 });
    expect([most.next(), most.next(), most.next(), most.next(), most.next()]).toEqual([100, 200, 400, 500, 500]);
    const least = new Backoff({ base: 100, cap: 500, random: () => 0 });
    expect([least.next(), least.next()]).toEqual([0, 0]);
  });

  it('begins anew after success', () => {
    const backoff = new Backoff({ base: 100, cap: 500, random: () => 0.5 });
    backoff.next();
    backoff.next();
    backoff.reset();
    expect(backoff.next()).toBe(50);
  });

  it('stays finite after any number of attempts', () => {
    const backoff = new Backoff({ base: 1, cap: 15_000, random: () => 1 });
    for (let i = 0; i < 5_000; i += 1) backoff.next();
    expect(backoff.next()).toBe(15_000);
  });

  it('gives up waiting with the reason of the signal', async () => {
    const reason = new Error('no more');
    await expect(new Backoff({ base: 1e6, cap: 1e6 }).wait(AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
