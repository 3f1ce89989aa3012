import { readFile, readlink, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { archiveOf, copyFrom, copyInto, stop, up } from '@kmd/compose-runner';
import { readTar } from '@kmd/image-builder';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { idle, openWorkbench, testbed, type Workbench } from './engine.js';

describe.skipIf(testbed === undefined)('copying', () => {
  let bench: Workbench;

  beforeEach(async () => {
    bench = await openWorkbench();
    await up(bench.engine, await bench.compose(`services:\n  a: { ${idle} }\n`));
  });
  afterEach(() => bench.close());

  const into = (source: string, target: string): Promise<void> =>
    copyInto(bench.engine, bench.name, 'a', `${bench.folder}/${source}`, target);
  const from = (source: string, target: string): Promise<void> =>
    copyFrom(bench.engine, bench.name, 'a', source, join(bench.folder, target));
  const run = (script: string): Promise<string> => bench.text('a', ['sh', '-c', script]);

  it('into a container goes by the rules of docker cp', async () => {
    await bench.write({ file: 'one', 'tree/sub/deep': 'two' });
    await symlink('sub/deep', join(bench.folder, 'tree/link'));
    await run('mkdir /there; ln -s there /way');
    await into('file', '/there');
    await into('file', '/there/renamed');
    await into('file', '/way/');
    await into('file', 'way/by-link');
    await into('tree', '/there');
    await into('tree', '/made');
    await into('tree/.', '/there');
    expect(
      (await run('cd /there; find . -type f -o -type l | sort; cat tree/link; stat -c %u:%g file')).split('\n'),
    ).toEqual([
      ...['./by-link', './file', './link', './renamed', './sub/deep', './tree/link', './tree/sub/deep'],
      'two0:0',
    ]);
    expect(await run('cat /made/sub/deep')).toBe('two');
    await expect(into('file', '/none/')).rejects.toMatchObject({ code: 'copy-refused', service: 'a' });
    await expect(into('tree', '/there/file')).rejects.toThrow('is no folder');
    await expect(into('absent', '/there')).rejects.toThrow('absent');
    await expect(copyInto(bench.engine, bench.name, 'b', join(bench.folder, 'file'), '/')).rejects.toThrow('service b');
  });

  it('from a container does too, and from one that has stopped', async () => {
    await run('mkdir -p /tree/sub; echo two > /tree/sub/deep; chmod 750 /tree/sub/deep; ln -s sub/deep /tree/link');
    await stop(bench.engine, bench.name);
    await from('/tree', 'new');
    expect(await readFile(join(bench.folder, 'new/sub/deep'), 'utf8')).toBe('two\n');
    expect((await stat(join(bench.folder, 'new/sub/deep'))).mode & 0o777).toBe(0o750);
    expect(await readlink(join(bench.folder, 'new/link'))).toBe('sub/deep');
    await from('/tree', 'new');
    expect(await readFile(join(bench.folder, 'new/tree/sub/deep'), 'utf8')).toBe('two\n');
    await from('/tree/sub/.', 'new');
    await from('tree/sub/deep', 'new/renamed');
    expect(await readFile(join(bench.folder, 'new/deep'), 'utf8')).toBe('two\n');
    expect(await readFile(join(bench.folder, 'new/renamed'), 'utf8')).toBe('two\n');
    await expect(from('/tree', 'new/renamed')).rejects.toMatchObject({ code: 'copy-refused' });
    await expect(from('/none', 'x')).rejects.toMatchObject({ code: 'engine-not-found' });
    const followed = { followLink: true };
    await copyFrom(bench.engine, bench.name, 'a', '/tree/link', join(bench.folder, 'followed'), followed);
    expect(await readFile(join(bench.folder, 'followed'), 'utf8')).toBe('two\n');
  });

  it('hands archives on as they are', async () => {
    await run('mkdir /tree; echo one > /tree/file');
    await copyInto(bench.engine, bench.name, 'a', await archiveOf(bench.engine, bench.name, 'a', '/tree'), '/tmp');
    expect(await run('cat /tmp/tree/file')).toBe('one');
    const names: string[] = [];
    for await (const { header } of readTar(await archiveOf(bench.engine, bench.name, 'a', '/tree')))
      names.push(header.name);
    expect(names).toEqual(['tree', 'tree/file']);
  });
});
