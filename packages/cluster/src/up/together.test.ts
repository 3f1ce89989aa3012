import { expect, it } from 'vitest';
import { together } from './together.js';

it('aborts the others at the first failure, and waits for them', async () => {
  const ended: string[] = [];
  const slow = (signal: AbortSignal) =>
    new Promise<void>((_, reject) =>
      signal.addEventListener('abort', () =>
        setImmediate(() => {
          ended.push('slow');
          reject(new Error('aborted'));
        }),
      ),
    );
  const work = together(new AbortController().signal, [slow, () => Promise.reject(new Error('first'))]);
  await expect(work).rejects.toThrow('first');
  expect(ended).toEqual(['slow']);
});

it('ends with the last', async () => {
  const ended: number[] = [];
  await together(new AbortController().signal, [async () => ended.push(1), async () => ended.push(2)]);
  expect(ended).toEqual([1, 2]);
});
