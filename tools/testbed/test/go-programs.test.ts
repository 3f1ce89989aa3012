import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { buildPrograms, checkedModule, notBuilt, programFolder } from '../src/go-programs.mjs';

/** Stands for Go: writes each package's name where its program belongs, and fails at one that is called broken. */
const go = `#!/bin/sh
while [ "$1" != -o ]; do shift; done
target=$2
shift 2
for package; do
  case $package in */broken) echo "no such package" >&2; exit 1 ;; esac
  echo "$package" > "$target$(basename "$package")"
done
`;

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kmd-go-programs-'));
  mkdirSync(join(home, 'bin'));
  writeFileSync(join(home, 'bin', 'go'), go);
  chmodSync(join(home, 'bin', 'go'), 0o755);
  vi.stubEnv('PATH', `${join(home, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`);
  vi.stubEnv('KMD_TESTBED_CACHE', join(home, 'cache'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

const source = () => ({ cwd: home, env: process.env, flags: [] });

it('builds what is not in the cache yet, and leaves alone what is', async () => {
  const folder = programFolder('tool-v1');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'one'), 'built before');
  const packages = ['example.com/cmd/one', 'example.com/cmd/two'];
  expect(notBuilt(folder, packages)).toEqual(['example.com/cmd/two']);
  const said: string[] = [];
  await buildPrograms({ folder, packages, source, onProgress: (line) => said.push(line) });
  expect(readFileSync(join(folder, 'one'), 'utf8')).toBe('built before');
  expect(readFileSync(join(folder, 'two'), 'utf8')).toBe('example.com/cmd/two\n');
  expect(said).toEqual(['building example.com/cmd/two: this takes a while, once']);
  await buildPrograms({ folder, packages, source, onProgress: (line) => said.push(line) });
  expect(said).toHaveLength(1);
});

it('keeps nothing of a build that fails', async () => {
  const folder = programFolder('tool-v2');
  const packages = ['example.com/cmd/one', 'example.com/cmd/broken'];
  await expect(buildPrograms({ folder, packages, source })).rejects.toThrow('no such package');
  expect(notBuilt(folder, packages)).toEqual(packages);
  expect(readdirSync(join(home, 'cache'))).toEqual(['tool-v2']);
});

it('tells the version that a go.mod requires, and one go.mod from another', () => {
  const write = (text: string) => writeFileSync(join(home, 'go.mod'), text);
  write('module m\n\nrequire example.com/tool v1.2.3\n');
  const first = checkedModule(home, 'example.com/tool');
  expect(first.version).toBe('v1.2.3');
  write('module m\n\nrequire (\n\texample.com/other v0.1.0\n\texample.com/tool v1.2.3\n)\n');
  const second = checkedModule(home, 'example.com/tool');
  expect(second.version).toBe('v1.2.3');
  expect(second.digest).not.toBe(first.digest);
  expect(() => checkedModule(home, 'example.com/third')).toThrow('does not require example.com/third');
});
