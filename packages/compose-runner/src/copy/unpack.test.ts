import { existsSync, lstatSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { tarEnd, tarHeader, tarPadding, type TarHeader } from '@kmd/image-builder';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unpack } from './unpack.js';

describe('unpacking', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'unpack-'));
    await mkdir(join(folder, 'outside'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const put = (...entries: (TarHeader & { text?: string })[]): Promise<void> => {
    const bytes = entries.flatMap(({ text = '', ...header }) => [
      tarHeader({ ...header, size: text.length }),
      Buffer.from(text),
      tarPadding(text.length),
    ]);
    return unpack(Readable.from([Buffer.concat([...bytes, tarEnd])]), { signal: undefined }, () =>
      join(folder, 'here'),
    );
  };
  const root: TarHeader = { name: 'top/', kind: 'folder', mode: 0o755 };

  it('keeps modes, times, links and folders that cannot be written', async () => {
    await put(
      root,
      { name: 'top/shut/', kind: 'folder', mode: 0o555 },
      { name: 'top/shut/run', kind: 'file', mode: 0o750, mtime: 1_700_000_000, text: 'run' },
      { name: 'top/link', kind: 'link', mode: 0o777, target: 'shut/run' },
    );
    expect(readFileSync(join(folder, 'here/link'), 'utf8')).toBe('run');
    expect(readlinkSync(join(folder, 'here/link'))).toBe('shut/run');
    const { mode, mtimeMs } = statSync(join(folder, 'here/shut/run'));
    expect([mode & 0o777, mtimeMs]).toEqual([0o750, 1_700_000_000_000]);
    expect(statSync(join(folder, 'here/shut')).mode & 0o777).toBe(0o555);
  });

  it('takes the place of files and links that are there, not of what they lead to', async () => {
    await mkdir(join(folder, 'here'));
    await writeFile(join(folder, 'outside/kept'), 'kept');
    await symlink(join(folder, 'outside/kept'), join(folder, 'here/file'));
    await put(root, { name: 'top/file', kind: 'file', mode: 0o644, text: 'new' });
    expect(readFileSync(join(folder, 'here/file'), 'utf8')).toBe('new');
    expect(readFileSync(join(folder, 'outside/kept'), 'utf8')).toBe('kept');
  });

  it.each([
    [{ name: 'top/../outside/x', kind: 'file', mode: 0o644, text: 'x' }],
    [{ name: 'elsewhere', kind: 'file', mode: 0o644, text: 'x' }],
    [
      { name: 'top/way', kind: 'link', mode: 0o777, target: '../outside' },
      { name: 'top/way/x', kind: 'file', mode: 0o644, text: 'x' },
    ],
  ] satisfies (TarHeader & { text?: string })[][])('writes nothing outside its place: %j', async (...entries) => {
    await expect(put(root, ...entries)).rejects.toMatchObject({ code: 'tar-broken' });
    expect(existsSync(join(folder, 'outside/x'))).toBe(false);
    expect(existsSync(join(folder, 'elsewhere'))).toBe(false);
  });

  it('makes folders of links that an archive names as folders again', async () => {
    await mkdir(join(folder, 'here'));
    await symlink(join(folder, 'outside'), join(folder, 'here/sub'));
    await put(
      root,
      { name: 'top/sub/', kind: 'folder', mode: 0o755 },
      { name: 'top/sub/x', kind: 'file', mode: 0o644 },
    );
    expect(lstatSync(join(folder, 'here/sub')).isDirectory()).toBe(true);
    expect(existsSync(join(folder, 'outside/x'))).toBe(false);
  });
});
