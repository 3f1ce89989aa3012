import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Manifest {
  name: string;
  version: string;
  private?: boolean;
  bin?: Record<string, string>;
  dependencies?: Record<string, string>;
  exports?: string | Record<string, unknown>;
}

const root = join(import.meta.dirname, '..', '..', '..');
const read = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
const folders = readdirSync(join(root, 'packages'))
  .map((name) => join(root, 'packages', name))
  .filter((folder) => existsSync(join(folder, 'package.json')) && read(folder).private !== true);

/** Entry points of a package: those that can be imported, and those that are programs, which have no types and are only located. */
const entriesOf = (folder: string): { modules: string[]; programs: string[] } => {
  const { name, exports = {} } = read(folder);
  const paths = Object.entries(typeof exports === 'string' ? { '.': exports } : exports);
  const entries = (isModule: boolean): string[] =>
    paths
      .filter(([path, target]) => path !== './package.json' && Object.keys(target ?? {}).includes('types') === isModule)
      .map(([path]) => name + path.slice(1));
  return { modules: entries(true), programs: entries(false) };
};

/** A fresh project: every package from its tarball, and of the third parties only what the packages declare. */
const project = mkdtempSync(join(tmpdir(), 'kmd-packed-'));
const tarballs = new Map<string, string>();
const run = (command: string, args: string[], cwd: string) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

beforeAll(() => {
  const modules = join(project, 'node_modules');
  mkdirSync(modules, { recursive: true });
  const link = (name: string) => {
    const target = join(modules, name);
    if (existsSync(target)) return;
    mkdirSync(dirname(target), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), target);
  };
  link('@types/node');
  link('undici-types');
  const packed = JSON.parse(
    run(
      'npm',
      ['pack', '--json', '--pack-destination', project, ...folders.flatMap((folder) => ['--workspace', folder])],
      root,
    ),
  ) as Record<string, { name: string; filename: string }> | { name: string; filename: string }[];
  for (const { name, filename } of Object.values(packed)) {
    const tarball = join(project, filename);
    const target = join(modules, name);
    mkdirSync(target, { recursive: true });
    run('tar', ['-xzf', tarball, '-C', target, '--strip-components=1'], project);
    tarballs.set(name, tarball);
  }
  for (const folder of folders) {
    for (const name of Object.keys(read(folder).dependencies ?? {})) if (!name.startsWith('@kmd/')) link(name);
  }
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'fresh', type: 'module', private: true }));
}, 120_000);

afterAll(() => rmSync(project, { recursive: true, force: true }));

describe.each(folders.map((folder) => [read(folder).name, folder] as const))('%s, packed', (name, folder) => {
  it('passes publint', async () => {
    const { messages } = await publint({ pkgDir: join(project, 'node_modules', name), strict: true, pack: false });
    expect(messages.map((message) => formatMessage(message, { ...read(folder) }))).toEqual([]);
  });

  it('has types that resolve (are the types wrong)', () => {
    const attw = join(root, 'node_modules', '.bin', 'attw');
    const programs = entriesOf(folder).programs.map((entry) => entry.slice(name.length + 1));
    const excluded = programs.length === 0 ? [] : ['--exclude-entrypoints', ...programs];
    const args = [tarballs.get(name) ?? '', '--profile', 'esm-only', '--no-color', ...excluded];
    expect(() => run(attw, args, project)).not.toThrow();
  });

  it('can be imported in a fresh folder', () => {
    const { modules, programs } = entriesOf(folder);
    for (const entry of modules) {
      const script = `const module = await import(${JSON.stringify(entry)}); console.log(Object.keys(module).join(' '));`;
      expect(run(process.execPath, ['--input-type=module', '-e', script], project).trim(), entry).not.toBe('');
    }
    for (const entry of programs) {
      const script = `console.log(import.meta.resolve(${JSON.stringify(entry)}));`;
      const found = run(process.execPath, ['--input-type=module', '-e', script], project).trim();
      expect(existsSync(fileURLToPath(found)), entry).toBe(true);
    }
  });

  it('carries its README and licence', () => {
    const files = readdirSync(join(project, 'node_modules', name));
    expect(files).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'package.json']));
  });
});

describe('all packages, packed', () => {
  it('type-check together in a project of a user', () => {
    writeFileSync(
      join(project, 'index.ts'),
      folders
        .flatMap((folder) => entriesOf(folder).modules)
        .map(
          (entry, index) =>
            `import * as m${index} from '${entry}';\nexport const k${index} = Object.keys(m${index});\n`,
        )
        .join(''),
    );
    writeFileSync(
      join(project, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          module: 'nodenext',
          target: 'es2023',
          strict: true,
          noEmit: true,
          skipLibCheck: false,
          types: ['node'],
        },
        files: ['index.ts'],
      }),
    );
    expect(() => run(join(root, 'node_modules', '.bin', 'tsc'), ['-p', project], project)).not.toThrow();
  });

  it('run the first framework of a newcomer as the README of the Mesos client has it', () => {
    const readme = readFileSync(join(project, 'node_modules', '@kmd', 'mesos-client', 'README.md'), 'utf8');
    const [, example = ''] = /```js\n([^]*?)```/.exec(readme) ?? [];
    writeFileSync(join(project, 'hello.mjs'), example);
    expect(run(process.execPath, ['hello.mjs'], project).trim().split('\n')).toEqual([
      'TASK_STARTING',
      'TASK_RUNNING',
      'TASK_FINISHED',
    ]);
  });

  it('give commands that say what they are', () => {
    for (const folder of folders) {
      const { name, bin = {} } = read(folder);
      for (const [command, path] of Object.entries(bin)) {
        expect(run(process.execPath, [join(project, 'node_modules', name, path), '--help'], project)).toContain(
          command,
        );
      }
    }
  });

  it('bring a cluster up from the packed command', () => {
    const kmd = join(project, 'node_modules', '@kmd', 'cli', 'bin', 'kmd.js');
    const env = { PATH: process.env['PATH'], HOME: project, KMD_HOME: join(project, '.kmd') };
    const execute = (...args: string[]) =>
      execFileSync(process.execPath, [kmd, ...args], { cwd: project, env, encoding: 'utf8' });
    try {
      const output = execute('up', '--runtime', 'embedded', '--api-port', '0', '--mesos-port', '0', '--json');
      expect(JSON.parse(output.trim().split('\n').at(-1) ?? '')).toMatchObject({ type: 'result', result: 'created' });
    } finally {
      execute('down');
    }
  });
});
