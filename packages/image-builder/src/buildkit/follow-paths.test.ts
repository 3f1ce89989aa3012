import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFollower } from './follow-paths.js';

describe('the paths that a build follows', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'follow-'));
    await mkdir(join(folder, 'real/below'), { recursive: true });
    await symlink('real', join(folder, 'link'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const paths = ['a', 'a/b', 'a/b/c', 'a/x', 'ab', 'real', 'real/below', 'link'];

  it.each([
    { named: undefined, wanted: paths },
    { named: 'a/b', wanted: ['a', 'a/b', 'a/b/c'] },
    { named: ['a/b/c', 'ab'], wanted: ['a', 'a/b', 'a/b/c', 'ab'] },
    { named: 'a/b/c, ab', wanted: ['a', 'a/b', 'a/b/c', 'ab'] },
    { named: 'a/*.txt', wanted: ['a', 'a/b', 'a/b/c', 'a/x'] },
    { named: 'a%2Fb', wanted: ['a', 'a/b', 'a/b/c'] },
    { named: '/a/./b', wanted: ['a', 'a/b', 'a/b/c'] },
    { named: '*', wanted: paths },
    { named: '../a', wanted: paths },
    { named: 'link/below', wanted: paths },
    { named: 'real/below', wanted: ['real', 'real/below'] },
    { named: 'absent', wanted: [] },
  ])('$named', ({ named, wanted }) => {
    expect(paths.filter(createFollower(folder, named))).toEqual(wanted);
  });
});
