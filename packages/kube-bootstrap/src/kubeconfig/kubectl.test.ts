import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderKubeconfig } from './entry.js';
import { mergeKubeconfig, removeKubeconfig } from './merge.js';

/** The kubectl that the workspace brings for its tests. */
const kubectl = fileURLToPath(new URL('../../../../tools/kubectl/vendor/kubectl', import.meta.url));

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kmd-kubectl-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const run = async (folder: string, ...args: string[]): Promise<string> => {
  const env = { HOME: folder, KUBECONFIG: ['a', 'b', 'c'].map((name) => join(folder, name)).join(':') };
  return (await promisify(execFile)(kubectl, args, { env })).stdout.trim();
};

const theirs = (name: string): string => `apiVersion: v1
kind: Config
clusters: [{name: ${name}, cluster: {server: "https://${name}"}}]
contexts: [{name: ${name}, context: {cluster: ${name}, user: ${name}}}]
users: [{name: ${name}, user: {token: ${name}}}]
current-context: ${name}
`;
const old = `apiVersion: v1
kind: Config
clusters: [{name: kmd-local, cluster: {server: "https://old"}}]
contexts: [{name: other, context: {cluster: kmd-local, user: ""}}]
`;
const entry = {
  context: 'kmd-local',
  cluster: { server: 'https://127.0.0.1:6443' },
  user: { token: '0123', username: undefined },
};

/** What a file means, whatever its form: kubectl sorts, and writes empty lists and preferences too. */
async function meaning(path: string): Promise<unknown> {
  if (!existsSync(path)) return undefined;
  const data = (parse(await readFile(path, 'utf8')) ?? {}) as Record<string, unknown>;
  const sorted = (key: string): unknown =>
    ((data[key] ?? []) as { name: string }[]).sort((one, other) => one.name.localeCompare(other.name));
  return {
    clusters: sorted('clusters'),
    contexts: sorted('contexts'),
    users: sorted('users'),
    current: data['current-context'] ?? '',
  };
}

describe.skipIf(!existsSync(kubectl))('beside kubectl', () => {
  it.each<[string, Record<string, string>]>([
    ['no file', {}],
    ['the first file only', { a: theirs('one') }],
    ['the last file only', { c: theirs('one') }],
    ['two files', { b: theirs('one'), c: theirs('two') }],
    ['an old entry in a later file', { a: theirs('one'), c: old }],
    ['an old entry, and no current context', { b: old }],
  ])('changes the same files in the same way, given %s', async (_, files) => {
    const [mine, kubectls] = [join(dir, 'mine'), join(dir, 'kubectls')];
    for (const folder of [mine, kubectls]) {
      await mkdir(folder);
      for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    }
    await run(kubectls, 'config', 'set-cluster', 'kmd-local', '--server=https://127.0.0.1:6443');
    await run(kubectls, 'config', 'set-credentials', 'kmd-local', '--token=0123');
    await run(kubectls, 'config', 'set-context', 'kmd-local', '--cluster=kmd-local', '--user=kmd-local');
    await run(kubectls, 'config', 'use-context', 'kmd-local');
    await mergeKubeconfig({ env: { KUBECONFIG: ['a', 'b', 'c'].map((name) => join(mine, name)).join(':') }, entry });
    for (const name of ['a', 'b', 'c'])
      expect(await meaning(join(mine, name))).toEqual(await meaning(join(kubectls, name)));
    expect(await run(mine, 'config', 'current-context')).toBe('kmd-local');
  });

  it('understands the files that merging, removing and rendering leave', async () => {
    await writeFile(join(dir, 'b'), theirs('one'));
    const env = { KUBECONFIG: join(dir, 'b') };
    const { previousContext } = await mergeKubeconfig({ env, entry });
    expect(await run(dir, 'config', 'get-contexts', '-o', 'name')).toBe('kmd-local\none');
    await removeKubeconfig({ env, context: 'kmd-local', previousContext });
    expect(await run(dir, 'config', 'current-context')).toBe('one');
    await writeFile(join(dir, 'a'), renderKubeconfig(entry));
    const view = JSON.parse(await run(dir, 'config', 'view', '--raw', '--minify', '-o', 'json')) as unknown;
    expect(view).toMatchObject({
      'current-context': 'kmd-local',
      clusters: [{ name: 'kmd-local', cluster: { server: 'https://127.0.0.1:6443' } }],
      users: [{ name: 'kmd-local', user: { token: '0123' } }],
    });
  });

  it('shares its lock: what kubectl writes meanwhile is not lost', async () => {
    await writeFile(join(dir, 'a'), theirs('one'));
    const env = { KUBECONFIG: join(dir, 'a') };
    // kubectl gives up at once when the file is locked: it has to try again itself.
    const set = async (name: string): Promise<void> => {
      for (;;)
        try {
          return void (await run(dir, 'config', 'set-cluster', name, '--server=https://x'));
        } catch (error) {
          if (!String(error).includes('.lock')) throw error;
        }
    };
    // One kubectl at a time: it reads before it locks, and takes out what came in between, also another kubectl's.
    const kubectls = async (): Promise<void> => {
      for (const i of [1, 2, 3, 4, 5]) await set(`kubectl-${i}`);
    };
    let writing = true;
    const merges = async (): Promise<void> => {
      for (let i = 0; writing; i++)
        await mergeKubeconfig({
          env,
          entry: { ...entry, context: `kmd-${i % 10}`, cluster: { server: `https://${i}` } },
        });
    };
    await Promise.all([kubectls().finally(() => (writing = false)), merges()]);
    const { clusters } = (await meaning(join(dir, 'a'))) as { clusters: { name: string }[] };
    expect(clusters.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['one', 'kubectl-1', 'kubectl-2', 'kubectl-3', 'kubectl-4', 'kubectl-5']),
    );
    expect(existsSync(join(dir, 'a.lock'))).toBe(false);
  });
});
