import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { extract } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIgnoreMatcher } from '../ignore/ignore-matcher.js';
import { archiveContext } from './archive.js';
import { openContext, type ContextOptions } from './context.js';
import { digestContext } from './digest.js';
import { walkContext } from './walk.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'context-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

async function paths(options: Partial<ContextOptions> = {}): Promise<string[]> {
  const context = await openContext({ folder, ...options });
  const found: string[] = [];
  for await (const entry of context.entries()) found.push(entry.path);
  return found;
}

interface Read {
  readonly name: string;
  readonly type: string | null | undefined;
  readonly mode: number | undefined;
  readonly linkname: string | null | undefined;
  readonly content: string;
}

async function archived(options: Partial<ContextOptions> = {}): Promise<Map<string, Read>> {
  const reader = extract();
  const entries = new Map<string, Read>();
  reader.on('entry', ({ name, type, mode, linkname }, stream, next) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: unknown) => chunks.push(chunk as Buffer));
    stream.on('end', () => {
      entries.set(name, { name, type, mode, linkname, content: Buffer.concat(chunks).toString() });
      next();
    });
  });
  await pipeline(archiveContext(await openContext({ folder, ...options })), reader);
  return entries;
}

async function bytesOf(options: Partial<ContextOptions> = {}): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of archiveContext(await openContext({ folder, ...options }), { times: 'fixed' })) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

describe('a build context', () => {
  it('holds everything that is not ignored, folders before what is in them', async () => {
    await write({ Dockerfile: 'FROM scratch', 'b/x': '', 'a/y': '', a0: '', '.dockerignore': 'b' });
    await mkdir(join(folder, 'empty'));
    expect(await paths()).toEqual(['.dockerignore', 'Dockerfile', 'a', 'a/y', 'a0', 'empty']);
  });

  it('sends the Dockerfile and .dockerignore though patterns leave them out', async () => {
    await write({ 'deep/Dockerfile': 'FROM scratch', '.dockerignore': '*\n!src', 'src/a': '', b: '' });
    expect(await paths({ dockerfile: 'deep/Dockerfile' })).toEqual([
      '.dockerignore',
      'deep',
      'deep/Dockerfile',
      'src',
      'src/a',
    ]);
  });

  it('takes a Dockerfile from outside, under a name that its text decides', async () => {
    await write({ 'context/a': '', 'other/Dockerfile': 'FROM scratch\nCOPY a /' });
    const context = await openContext({ folder: join(folder, 'context'), dockerfile: '../other/Dockerfile' });
    expect(context.dockerfile).toMatch(/^\.dockerfile\.[0-9a-f]{20}$/);
    const sent: string[] = [];
    for await (const entry of context.entries()) sent.push(entry.path);
    expect(sent).toEqual([context.dockerfile, 'a']);
  });

  it('prefers the ignore file that belongs to its Dockerfile, and leaves the other one out', async () => {
    await write({
      'web.Dockerfile': 'FROM scratch',
      'web.Dockerfile.dockerignore': 'a',
      '.dockerignore': 'b',
      a: '',
      b: '',
    });
    expect(await paths({ dockerfile: 'web.Dockerfile' })).toEqual([
      'b',
      'web.Dockerfile',
      'web.Dockerfile.dockerignore',
    ]);
  });

  it('does not look into ignored folders, unless an exception may reach below them', async () => {
    await write({ 'secret/deep/a': '', 'docs/b/c': '', 'docs/README.md': '', 'x/y/keep': '', d: '' });
    const seenBy = async (patterns: string[]): Promise<string[]> => {
      const matcher = createIgnoreMatcher(patterns);
      const seen: string[] = [];
      const ignores = (path: string): boolean => {
        seen.push(path);
        return matcher.ignores(path);
      };
      const found: string[] = [];
      for await (const entry of walkContext(folder, { ...matcher, ignores })) found.push(entry.path);
      expect(seen).not.toContain('secret/deep');
      return found;
    };
    expect(await seenBy(['secret', 'docs', 'x', '!docs/README.md'])).toEqual(['d', 'docs', 'docs/README.md']);
    expect(await seenBy(['*', '!x/*/keep'])).toEqual(['x', 'x/y', 'x/y/keep']);
  });

  it('says which folder or Dockerfile is not there', async () => {
    await expect(openContext({ folder: join(folder, 'none') })).rejects.toMatchObject({
      code: 'context-missing',
      path: join(folder, 'none'),
    });
    await expect(openContext({ folder })).rejects.toMatchObject({ code: 'dockerfile-missing' });
    await write({ Dockerfile: 'FROM scratch' });
    await expect(openContext({ folder: join(folder, 'Dockerfile') })).rejects.toThrow('a build context is a folder');
  });
});

describe('the archive of a context', () => {
  it('keeps modes, links, empty folders, long names and names beyond ASCII', async () => {
    const long = `${'d'.repeat(60)}/${'e'.repeat(60)}/${'f'.repeat(60)}`;
    await write({ Dockerfile: 'FROM scratch', run: '#!/bin/sh', [long]: 'long', 'größe.txt': 'ü' });
    await chmod(join(folder, 'run'), 0o4755);
    await mkdir(join(folder, 'empty'));
    await chmod(join(folder, 'empty'), 0o700);
    await symlink('../nowhere', join(folder, 'link'));
    const entries = await archived();
    expect(entries.get('run')).toMatchObject({ mode: 0o4755, content: '#!/bin/sh' });
    expect(entries.get('link')).toMatchObject({ type: 'symlink', linkname: '../nowhere' });
    expect(entries.get('empty/')).toMatchObject({ type: 'directory', mode: 0o700 });
    expect(entries.get(long)?.content).toBe('long');
    expect(entries.get('größe.txt')?.content).toBe('ü');
  });

  it('is the same to the byte each time, whatever the times of the files are', async () => {
    await write({ Dockerfile: 'FROM scratch', a: 'one', 'b/c': 'two' });
    const first = await bytesOf();
    await utimes(join(folder, 'a'), 1000, 1000);
    expect((await bytesOf()).equals(first)).toBe(true);
    expect(first.length % 512).toBe(0);
  });

  it('is read by tar', async () => {
    await write({ Dockerfile: 'FROM scratch', [`${'n'.repeat(120)}é`]: 'x'.repeat(700), b: 'y' });
    await writeFile(join(folder, '..', 'context-test.tar'), await bytesOf());
    const file = join(folder, '..', 'context-test.tar');
    const { stdout } = await promisify(execFile)('tar', ['--quoting-style=literal', '-tf', file]);
    await rm(file);
    expect(stdout.trim().split('\n')).toEqual(['Dockerfile', 'b', `${'n'.repeat(120)}é`]);
  });

  it('holds little of a large context at a time', async () => {
    await write({ Dockerfile: 'FROM scratch', large: '' });
    await truncate(join(folder, 'large'), 600 * 1024 * 1024);
    const before = process.memoryUsage().rss;
    let total = 0;
    let most = 0;
    for await (const chunk of archiveContext(await openContext({ folder }))) {
      total += (chunk as Buffer).length;
      most = Math.max(most, process.memoryUsage().rss);
    }
    expect(total).toBeGreaterThan(600 * 1024 * 1024);
    expect(most - before).toBeLessThan(200 * 1024 * 1024);
  });

  it('fails when a file changes under it', async () => {
    await write({ Dockerfile: 'FROM scratch', large: 'x'.repeat(400_000) });
    const context = await openContext({ folder });
    const shrunk = {
      ...context,
      async *entries() {
        for await (const entry of context.entries()) yield entry.path === 'large' ? { ...entry, size: 500_000 } : entry;
      },
    };
    await expect(pipeline(archiveContext(shrunk), extract())).rejects.toMatchObject({ code: 'context-changed' });
  });
});

describe('the digest of a context', () => {
  const digest = async (): Promise<string> => digestContext(await openContext({ folder }));

  it('changes with content, name and mode, not with time', async () => {
    await write({ Dockerfile: 'FROM scratch', a: 'one' });
    const first = await digest();
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    await utimes(join(folder, 'a'), 1000, 1000);
    expect(await digest()).toBe(first);
    await chmod(join(folder, 'a'), 0o600);
    const second = await digest();
    await write({ a: 'two' });
    const third = await digest();
    await write({ b: '' });
    expect(new Set([first, second, third, await digest()]).size).toBe(4);
  });

  it('does not change with what is ignored', async () => {
    await write({ Dockerfile: 'FROM scratch', '.dockerignore': 'log' });
    const first = await digest();
    await write({ 'log/a': 'x' });
    expect(await digest()).toBe(first);
  });
});

const file = fileURLToPath(new URL('../../../../../shared/corpus/dockerignore-cases.json', import.meta.url));
const present = existsSync(file);

describe.skipIf(!present)("moby's trees (../shared/corpus/dockerignore-cases.json)", () => {
  it('sends the files that moby sends, pruned folders or not', async () => {
    const cases = JSON.parse(readFileSync(file, 'utf8')) as {
      trees: { dockerignore: string; perFile: Record<string, 'kept' | 'ignored'> }[];
    };
    for (const { dockerignore, perFile } of cases.trees) {
      await rm(folder, { recursive: true });
      await write(Object.fromEntries(Object.keys(perFile).map((path) => [path, ''])));
      await write({ '.dockerignore': dockerignore, Dockerfile: 'FROM scratch' });
      const sent = new Set(await paths());
      for (const [path, fate] of Object.entries(perFile)) {
        const needed = path === '.dockerignore' || path === 'Dockerfile';
        expect([dockerignore, path, sent.has(path)]).toEqual([dockerignore, path, needed || fate === 'kept']);
      }
    }
  });
});
