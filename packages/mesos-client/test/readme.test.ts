import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const resolve = (path: string) => fileURLToPath(new URL(path, import.meta.url));

it('the first example of the README runs as written, and is short', async () => {
  const readme = await readFile(resolve('../README.md'), 'utf8');
  const [, example = ''] = /```js\n([^]*?)```/.exec(readme) ?? [];
  expect(example.trim().split('\n').length).toBeLessThan(30);
  const folder = await mkdtemp(join(tmpdir(), 'mesos-client-readme-'));
  try {
    const hello = join(folder, 'hello.mjs');
    await build({
      stdin: { contents: example, resolveDir: folder },
      alias: {
        '@kmd/mesos-client': resolve('../src/index.ts'),
        '@kmd/mesos-embedded': resolve('../../mesos-embedded/src/index.ts'),
      },
      bundle: true,
      format: 'esm',
      platform: 'node',
      outfile: hello,
    });
    const { stdout } = await promisify(execFile)(process.execPath, [hello], { cwd: folder, timeout: 20_000 });
    expect(stdout.trim().split('\n')).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
