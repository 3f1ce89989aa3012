import { expect, it } from 'vitest';
import { keepMerge } from './context.js';

const merged = (path: string, previousContext?: string) => ({ path, paths: [path], changed: true, previousContext });

it('the first merge into a file says what was current before, and every file is kept', () => {
  const first = keepMerge(undefined, 'kmd-local', merged('/a', 'work'));
  expect(first).toEqual({ context: 'kmd-local', path: '/a', paths: ['/a'], previousContext: 'work' });
  expect(keepMerge(first, 'kmd-local', merged('/a'))).toEqual(first);
  expect(keepMerge(first, 'kmd-local', merged('/a', 'play'))).toEqual(first);
  const second = keepMerge(first, 'kmd-local', merged('/b', 'other'));
  expect(second).toEqual({ ...first, path: '/b', elsewhere: [{ paths: ['/b'], previousContext: 'other' }] });
  expect(keepMerge(second, 'kmd-local', merged('/b'))).toEqual(second);
  expect(keepMerge(second, 'kmd-local', merged('/c')).elsewhere).toEqual([
    { paths: ['/b'], previousContext: 'other' },
    { paths: ['/c'] },
  ]);
});
