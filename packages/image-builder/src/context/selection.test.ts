import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { selectPaths } from './selection.js';

describe('a selection of paths', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'selection-'));
    await mkdir(join(folder, 'real/below'), { recursive: true });
    await mkdir(join(folder, 'linked'));
    await symlink('real', join(folder, 'link'));
    await symlink('../real', join(folder, 'linked/away'));
    await writeFile(join(folder, 'real/file'), '');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const paths = ['a', 'a/b', 'a/b/c', 'a/x', 'ab', 'real', 'real/below', 'link'];

  it.each([
    { named: [], wanted: [] },
    { named: [''], wanted: paths },
    { named: ['.'], wanted: paths },
    { named: ['a/b'], wanted: ['a', 'a/b', 'a/b/c'] },
    { named: ['a/b/c', 'ab'], wanted: ['a', 'a/b', 'a/b/c', 'ab'] },
    { named: ['a/*.txt'], wanted: ['a', 'a/b', 'a/b/c', 'a/x'] },
    { named: ['/a/./b/'], wanted: ['a', 'a/b', 'a/b/c'] },
    { named: ['*'], wanted: paths },
    { named: ['a/$NAME'], wanted: ['a', 'a/b', 'a/b/c', 'a/x'] },
    { named: ['$NAME/a'], wanted: paths },
    { named: ['a/*/c'], wanted: paths },
    { named: ['../a'], wanted: paths },
    { named: ['link/below'], wanted: paths },
    { named: ['linked/*'], wanted: paths },
    { named: ['linked'], wanted: [] },
    { named: ['real/below'], wanted: ['real', 'real/below'] },
    { named: ['absent'], wanted: [] },
  ])('$named', ({ named, wanted }) => {
    expect(paths.filter(selectPaths(folder, named))).toEqual(wanted);
  });
});
