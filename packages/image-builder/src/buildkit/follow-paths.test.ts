import { describe, expect, it } from 'vitest';
import { followedPaths } from './follow-paths.js';

describe('the paths that a build follows', () => {
  it.each([
    { header: undefined, paths: [''] },
    { header: 'a/b', paths: ['a/b'] },
    { header: ['a/b/c', 'ab'], paths: ['a/b/c', 'ab'] },
    { header: 'a/b/c, ab', paths: ['a/b/c', 'ab'] },
    { header: 'a%2Fb%20c', paths: ['a/b c'] },
    { header: '100%', paths: ['100%'] },
  ])('$header', ({ header, paths }) => {
    expect(followedPaths(header)).toEqual(paths);
  });
});
