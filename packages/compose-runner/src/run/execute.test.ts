import { describe, expect, it } from 'vitest';
import type { Action, Plan } from '../plan/action.js';
import { execute } from './execute.js';

/** A plan of steps that are called as they are written: `b after a`. */
function plan(...steps: string[]): Plan {
  return {
    warnings: [],
    steps: steps.map((step) => {
      const [id = '', after = ''] = step.split(' after ');
      return { id, after: after.split(' ').filter(Boolean), action: { type: 'start', service: id, name: id } };
    }),
  };
}

const nameOf = (action: Action): string => ('name' in action ? action.name : '');

describe('carrying a plan out', () => {
  it('begins a step when those before it are done, and the others at once', async () => {
    const trace: string[] = [];
    const gates = new Map<string, () => void>();
    const work = execute(plan('a', 'b', 'c after a b', 'd after c'), async (action) => {
      trace.push(`+${nameOf(action)}`);
      if (nameOf(action) < 'c') await new Promise<void>((resolve) => gates.set(nameOf(action), resolve));
      trace.push(`-${nameOf(action)}`);
    });
    await Promise.resolve();
    expect(trace).toEqual(['+a', '+b']);
    gates.get('b')?.();
    gates.get('a')?.();
    await work;
    expect(trace).toEqual(['+a', '+b', '-b', '-a', '+c', '-c', '+d', '-d']);
  });

  it('runs no more at a time than it may', async () => {
    let running = 0;
    let most = 0;
    await execute(
      plan('a', 'b', 'c', 'd', 'e'),
      async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
      },
      { limit: 2 },
    );
    expect(most).toBe(2);
  });

  it('cancels the others when one fails, waits for them, and begins no more', async () => {
    const trace: string[] = [];
    const failing = execute(plan('a', 'b', 'c after a'), async (action, signal) => {
      if (nameOf(action) === 'a') throw new Error('a failed');
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      trace.push(`${nameOf(action)} ended`);
    });
    await expect(failing).rejects.toThrow('a failed');
    expect(trace).toEqual(['b ended']);
  });

  it("ends with the signal's reason", async () => {
    const cancelling = new AbortController();
    const reason = new Error('enough');
    const work = execute(
      plan('a'),
      (_action, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      { signal: cancelling.signal },
    );
    cancelling.abort(reason);
    await expect(work).rejects.toBe(reason);
  });

  it('refuses a plan that goes in a circle', async () => {
    await expect(execute(plan('a after b', 'b after a'), async () => undefined)).rejects.toThrow(
      'a, b wait for each other',
    );
  });
});
