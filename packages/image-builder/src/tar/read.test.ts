import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tarEnd, tarHeader, tarPadding, type TarHeader } from './header.js';
import { readTar, TarError } from './read.js';

/** In pieces that fall anywhere. */
async function* pieces(bytes: Uint8Array, length = 100): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function read(bytes: Uint8Array, length?: number): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  for await (const { header, content } of readTar(pieces(bytes, length))) {
    let text = '';
    for await (const chunk of content) text += Buffer.from(chunk).toString();
    found.push({ ...header, text });
  }
  return found;
}

const archive = (...entries: (TarHeader & { text?: string })[]): Buffer =>
  Buffer.concat([
    ...entries.flatMap(({ text = '', ...header }) => [
      tarHeader({ ...header, size: text.length }),
      Buffer.from(text),
      tarPadding(text.length),
    ]),
    tarEnd,
  ]);

describe('reading an archive', () => {
  const long = 'ü'.repeat(200);

  it.each([1, 100, 511, 5000])('gives what was written, in pieces of %s bytes', async (length) => {
    const bytes = archive(
      { name: 'folder/', kind: 'folder', mode: 0o755 },
      { name: `folder/${long}`, kind: 'file', mode: 0o4644, mtime: 1_700_000_000, text: 'x'.repeat(513) },
      { name: 'folder/empty', kind: 'file', mode: 0o600 },
      { name: 'link', kind: 'link', mode: 0o777, target: `${long}/there` },
    );
    expect(await read(bytes, length)).toMatchObject([
      { name: 'folder', kind: 'folder', mode: 0o755, text: '' },
      { name: `folder/${long}`, kind: 'file', mode: 0o4644, mtime: 1_700_000_000, size: 513, text: 'x'.repeat(513) },
      { name: 'folder/empty', kind: 'file', text: '' },
      { name: 'link', kind: 'link', target: `${long}/there` },
    ]);
  });

  it.each(['gnu', 'pax', 'ustar'])('reads what tar writes as %s', async (format) => {
    const folder = await mkdtemp(join(tmpdir(), 'tar-'));
    try {
      const deep = ['a'.repeat(60), 'b'.repeat(60)].join('/');
      await mkdir(join(folder, deep), { recursive: true });
      await writeFile(join(folder, deep, 'file'), 'content');
      await symlink('file', join(folder, deep, 'link'));
      const bytes = execFileSync('tar', [`--format=${format}`, '--sort=name', '-c', '-C', folder, deep]);
      expect(await read(bytes)).toMatchObject([
        { name: deep, kind: 'folder' },
        { name: `${deep}/file`, kind: 'file', text: 'content' },
        { name: `${deep}/link`, kind: 'link', target: 'file' },
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('passes over what is not read', async () => {
    const names: string[] = [];
    const bytes = archive(
      { name: 'one', kind: 'file', mode: 0o644, text: 'x'.repeat(2000) },
      { name: 'two', kind: 'file', mode: 0o644, text: 'y' },
    );
    for await (const { header, content } of readTar(pieces(bytes))) {
      names.push(header.name);
      for await (const chunk of content) if (chunk.length > 0) break;
    }
    expect(names).toEqual(['one', 'two']);
  });

  it('says that an archive is broken off, or none', async () => {
    const whole = archive({ name: 'one', kind: 'file', mode: 0o644, text: 'x'.repeat(2000) });
    await expect(read(whole.subarray(0, 1000))).rejects.toThrow(TarError);
    await expect(read(Buffer.from('no archive'.repeat(100)))).rejects.toThrow('no archive');
  });
});
