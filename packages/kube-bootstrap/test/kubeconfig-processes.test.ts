import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';

let dir: string;
let writer: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kmd-kubeconfig-'));
  writer = join(dir, 'writer.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'kubeconfig-writer.ts')],
    outfile: writer,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['@peculiar/x509', 'reflect-metadata'],
    // The YAML library is of CommonJS.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  });
});
afterAll(() => rm(dir, { recursive: true, force: true }));

it(
  'fifty processes that merge, and half of them remove, at the same time lose nothing',
  { timeout: 180_000 },
  async () => {
    const folder = join(dir, 'kube');
    const path = join(folder, 'config');
    const names = Array.from({ length: 50 }, (_, i) => `kmd-${i}`);
    const theirs =
      'apiVersion: v1\nkind: Config\n# mine\ncurrent-context: work\ncontexts: [{name: work, context: {cluster: c, user: u}}]\n';
    await mkdir(folder);
    await writeFile(path, theirs);
    await Promise.all(
      names.map((name, i) =>
        promisify(execFile)(process.execPath, [writer, path, name, ...(i % 2 === 1 ? ['remove'] : [])]),
      ),
    );
    const text = await readFile(path, 'utf8');
    const { contexts, clusters } = parse(text) as Record<'contexts' | 'clusters', { name: string }[]>;
    const left = names.filter((_, i) => i % 2 === 0).sort();
    expect(contexts.map(({ name }) => name).sort()).toEqual([...left, 'work']);
    expect(clusters.map(({ name }) => name).sort()).toEqual(left);
    expect(text).toContain('# mine');
    expect(await readdir(folder)).toEqual(['config']);
  },
);
