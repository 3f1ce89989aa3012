import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { FakeMesos } from './fake-mesos.js';
import { hasZooKeeper, ZooKeeperServerProcess, ZooKeeperWriter } from './zookeeper-server.js';

const resolve = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const read = (path: string) => readFileSync(resolve(path), 'utf8');

/** Makes a program of an example, with the sources in it. */
async function bundle(example: string, folder: string): Promise<string> {
  const script = join(folder, 'example.mjs');
  await build({
    stdin: { contents: example, resolveDir: folder },
    alias: {
      '@kmd/mesos-client/zookeeper': resolve('../src/zookeeper/index.ts'),
      '@kmd/mesos-client': resolve('../src/index.ts'),
      '@kmd/mesos-embedded': resolve('../../mesos-embedded/src/index.ts'),
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    nodePaths: [resolve('../../../node_modules')],
    outfile: script,
    logLevel: 'silent',
  });
  return script;
}

/** Runs an example in a folder of its own, against the sources; gives the lines it prints. */
async function run(example: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'mesos-client-readme-'));
  try {
    const script = await bundle(example, folder);
    const { stdout } = await promisify(execFile)(process.execPath, [script], { cwd: folder, timeout: 20_000 });
    return stdout.trim().split('\n');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const states = ['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED'];

it('the first example of the README runs as written, and is short', async () => {
  const [, example = ''] = /```js\n([^]*?)```/.exec(read('../README.md')) ?? [];
  expect(example.trim().split('\n').length).toBeLessThan(30);
  expect(await run(example)).toEqual(states);
});

it('the same lines run against a master of another process, changed as the README says', async () => {
  const readme = read('../README.md');
  const [, example = ''] = /```js\n([^]*?)```/.exec(readme) ?? [];
  const [, connecting = ''] = /```js master\n([^]*?)```/.exec(readme) ?? [];
  const folder = await mkdtemp(join(tmpdir(), 'mesos-client-readme-'));
  // A program, not an import: the embedded Mesos is built on this package, and not the other way round.
  const program = `
    import { startMesos } from '@kmd/mesos-embedded';
    const mesos = await startMesos({ agents: [{ resources: 'cpus:1;mem:256' }], workDir: './mesos' });
    console.log(mesos.master.url);
    process.stdin.on('end', () => mesos.close()).resume();
  `;
  const mesos = spawn(process.execPath, [await bundle(program, folder)], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const [url] = (await once(mesos.stdout, 'data')) as [Buffer];
    const changed = example
      .split('\n')
      .filter((line) => !/^(?:import \{ startMesos \}|const mesos |await mesos)/.test(line))
      .map((line) => (line.startsWith('const scheduler = ') ? connecting.trim() : line))
      .join('\n');
    expect(changed).not.toContain('mesos.');
    expect(await run(changed.replace('http://10.0.0.5:5050', String(url).trim()))).toEqual(states);
  } finally {
    mesos.stdin.end();
    await once(mesos, 'exit');
    await rm(folder, { recursive: true, force: true });
  }
});

describe('the pages', () => {
  const pages = readdirSync(resolve('../docs'));
  const examples = pages.flatMap((page) =>
    [...read(`../docs/${page}`).matchAll(/```js run\n([^]*?)```[^]*?```text\n([^]*?)```/g)].map(
      ([, example = '', output = '']) => ({ page, example, output: output.trim().split('\n') }),
    ),
  );

  it('have examples', () => {
    expect(examples.map(({ page }) => page).sort()).toEqual([
      'executor.md',
      'framework.md',
      'operator.md',
      'operator.md',
      'operator.md',
      'protobuf.md',
      'resources.md',
    ]);
  });

  it.each(examples)('$page: its example prints what it says', async ({ example, output }) => {
    expect(await run(example)).toEqual(output);
  });

  it('are all linked from the README', () => {
    for (const page of pages) expect(read('../README.md')).toContain(`(docs/${page})`);
  });

  it.skipIf(!hasZooKeeper)('leader.md: its example runs against a real ZooKeeper', async () => {
    const [, example = ''] = /```js zookeeper\n([^]*?)```/.exec(read('../docs/leader.md')) ?? [];
    const zookeeper = await ZooKeeperServerProcess.start();
    const master = await FakeMesos.start();
    try {
      const version = { type: 'GET_VERSION', get_version: { version_info: { version: '1.11.0' } } };
      master.on('GET_VERSION', (_, response) => void response.end(JSON.stringify(version)));
      const writer = await ZooKeeperWriter.connect(zookeeper.port);
      await writer.create('/mesos', '');
      await writer.announce('/mesos', master.url);
      expect(await run(example.replace('127.0.0.1:2181', `127.0.0.1:${zookeeper.port}`))).toEqual([
        master.url,
        '1.11.0',
      ]);
      await writer.close();
    } finally {
      await master.close();
      await zookeeper.close();
    }
  });
});
