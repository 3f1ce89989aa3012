import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');
const home = mkdtempSync(join(tmpdir(), 'kmd-readme-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** The TypeScript examples of a README. */
const examples = (path: string): string[] =>
  [...readFileSync(join(root, path), 'utf8').matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code ?? '');

it('runs the first example of the package, as written', () => {
  const [example = ''] = examples('packages/cluster/README.md');
  const output = execFileSync(process.execPath, ['--input-type=module-typescript', '-e', example], {
    cwd: join(root, 'packages', 'cluster'),
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: home },
  });
  expect(output.trim().split('\n').sort()).toEqual(['mesosslave-1', 'mesosslave-2']);
});

it('shows the test of examples/vitest, which runs with the others', () => {
  expect(examples('README.md')[0]).toBe(readFileSync(join(root, 'examples', 'vitest', 'cluster.test.ts'), 'utf8'));
});
