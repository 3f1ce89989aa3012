import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderKubeconfig, type KubeconfigEntry } from './entry.js';
import { mergeKubeconfig, removeKubeconfig } from './merge.js';
import { defaultKubeconfig, kubeconfigPaths } from './paths.js';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kmd-kubeconfig-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const entry = (context = 'kmd-local', server = 'https://127.0.0.1:6443'): KubeconfigEntry => ({
  context,
  cluster: { server, caData: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n' },
  user: { token: '0123456789' },
});
const caBase64 = Buffer.from('-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n').toString('base64');

/** As a person may have written it: comments, unknown fields, kubectl's own way of indenting lists. */
const theirs = `# my clusters, do not lose them
apiVersion: v1
kind: Config
preferences:
  colors: true # I like them
clusters:
- cluster:
    certificate-authority: /etc/ca.crt # on disk
    server: https://work.example:6443
    x-unknown: [1, "two", {three: 3}]
  name: work
contexts:
# the one for every day
- context:
    cluster: work
    namespace: team
    user: me
  name: work
current-context: work
users:
- name: me
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: login
      args: ["--as", "me"]
extensions:
- name: mine
  extension: {a: b}
`;

describe('mergeKubeconfig', () => {
  it('makes the file, closed to others, with the entry in it as the current context', async () => {
    const result = await mergeKubeconfig({ env: { HOME: dir }, entry: entry() });
    const path = join(dir, '.kube', 'config');
    expect(result).toEqual({ path, paths: [path], changed: true, previousContext: undefined });
    expect(parse(await readFile(path, 'utf8'))).toEqual({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        { name: 'kmd-local', cluster: { server: 'https://127.0.0.1:6443', 'certificate-authority-data': caBase64 } },
      ],
      contexts: [{ name: 'kmd-local', context: { cluster: 'kmd-local', user: 'kmd-local' } }],
      users: [{ name: 'kmd-local', user: { token: '0123456789' } }],
      'current-context': 'kmd-local',
    });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(dir, '.kube'))).toEqual(['config']);
  });

  it('keeps what others wrote, line by line, and takes its own out again without a trace', async () => {
    const path = join(dir, 'config');
    await writeFile(path, theirs, { mode: 0o640 });
    await chmod(path, 0o640);
    const { previousContext } = await mergeKubeconfig({ env: {}, path, entry: entry() });
    expect(previousContext).toBe('work');
    const merged = await readFile(path, 'utf8');
    const lines = new Set(merged.split('\n').map((line) => line.trim()));
    for (const line of theirs.split('\n')) if (/#|namespace|server/.test(line)) expect(lines).toContain(line.trim());
    const data = parse(merged) as Record<string, unknown>;
    expect(data).toMatchObject({ 'current-context': 'kmd-local', preferences: { colors: true } });
    expect(data['clusters']).toHaveLength(2);
    expect((await stat(path)).mode & 0o777).toBe(0o640);

    const removed = await removeKubeconfig({ env: {}, path, context: 'kmd-local', previousContext });
    expect(removed).toEqual({ paths: [path], currentContext: 'work' });
    // Spaces inside brackets are the only thing that is not as it was.
    const tidy = (text: string): string => text.replaceAll(/([[{])\s*|\s*([\]}])/g, '$1$2');
    expect(tidy(await readFile(path, 'utf8'))).toBe(tidy(theirs));
  });

  it('writes nothing when everything is there already', async () => {
    const path = join(dir, 'config');
    await writeFile(path, theirs);
    await mergeKubeconfig({ env: {}, path, entry: entry() });
    const long = new Date(2000, 1, 1);
    await utimes(path, long, long);
    expect(await mergeKubeconfig({ env: {}, path, entry: entry() })).toEqual({
      path,
      paths: [path],
      changed: false,
      previousContext: undefined,
    });
    expect((await stat(path)).mtime).toEqual(long);
  });

  it('renews its own entry: old ways to log in go, the namespace and unknown fields stay', async () => {
    const path = join(dir, 'config');
    await writeFile(
      path,
      `clusters: [{name: kmd-local, cluster: {server: "https://old", insecure-skip-tls-verify: true, proxy-url: "http://p"}}]
contexts: [{name: kmd-local, context: {cluster: a, user: b, namespace: mine}}]
users: [{name: kmd-local, user: {client-certificate: /old, username: x, password: y}}]
`,
    );
    await mergeKubeconfig({ env: {}, path, entry: entry(), makeCurrent: false });
    expect(parse(await readFile(path, 'utf8'))).toEqual({
      clusters: [
        {
          name: 'kmd-local',
          cluster: {
            server: 'https://127.0.0.1:6443',
            'certificate-authority-data': caBase64,
            'proxy-url': 'http://p',
          },
        },
      ],
      contexts: [{ name: 'kmd-local', context: { cluster: 'kmd-local', user: 'kmd-local', namespace: 'mine' } }],
      users: [{ name: 'kmd-local', user: { token: '0123456789' } }],
    });
  });

  it.each([
    ['nothing', ''],
    ['a comment', '# mine\n'],
    ['empty lists', 'apiVersion: v1\nkind: Config\nclusters: null\ncontexts: []\nusers:\ncurrent-context: ""\n'],
    ['JSON', '{"apiVersion":"v1","kind":"Config","clusters":[],"contexts":[],"users":[]}'],
    ['an empty mapping', '{}'],
  ])('takes a file with %s in it', async (_, text) => {
    const path = join(dir, 'config');
    await writeFile(path, text);
    expect(await mergeKubeconfig({ env: {}, path, entry: entry() })).toMatchObject({ previousContext: undefined });
    const merged = await readFile(path, 'utf8');
    expect(parse(merged)).toMatchObject({
      'current-context': 'kmd-local',
      clusters: [{ name: 'kmd-local', cluster: { server: 'https://127.0.0.1:6443' } }],
      users: [{ name: 'kmd-local', user: { token: '0123456789' } }],
    });
    if (text.startsWith('#')) expect(merged).toContain('# mine');
    await removeKubeconfig({ env: {}, path, context: 'kmd-local' });
    expect(parse(await readFile(path, 'utf8'))).toMatchObject({ 'current-context': '', clusters: [], users: [] });
  });

  it.each([
    ['no YAML', 'clusters: [\n  a: b: c\n', /config:2:\d+: not YAML/],
    ['no mapping', '- a\n- b\n', /config:1:1: not a kubeconfig/],
    ['no list of clusters', 'apiVersion: v1\nclusters: {a: b}\n', /config:2:11: "clusters" is no list/],
    ['several documents', 'a: b\n---\nc: d\n', /not YAML/],
    ['a key twice', 'users: []\nusers: []\n', /config:2:1: not YAML/],
  ])('refuses a file that has %s, saying where, and leaves it', async (_, text, message) => {
    const path = join(dir, 'config');
    await writeFile(path, text);
    for (const change of [
      () => mergeKubeconfig({ env: {}, path, entry: entry() }),
      () => removeKubeconfig({ env: {}, path, context: 'kmd-local' }),
    ])
      await expect(change()).rejects.toMatchObject({
        code: 'KUBECONFIG_INVALID',
        path,
        message: expect.stringMatching(message) as string,
      });
    expect(await readFile(path, 'utf8')).toBe(text);
    expect(await readdir(dir)).toEqual(['config']);
  });

  it('follows symbolic links and keeps them, also one to a file that is not there yet', async () => {
    await mkdir(join(dir, 'real'));
    for (const name of ['config', 'fresh']) {
      if (name === 'config') await writeFile(join(dir, 'real', name), theirs);
      await symlink(join('real', name), join(dir, name));
      await mergeKubeconfig({ env: {}, path: join(dir, name), entry: entry() });
      expect((await lstat(join(dir, name))).isSymbolicLink()).toBe(true);
      expect((await lstat(join(dir, 'real', name))).isFile()).toBe(true);
      expect(await readFile(join(dir, 'real', name), 'utf8')).toContain('kmd-local');
    }
  });

  it('says how old a lock is that another program holds, having tried for a while', async () => {
    const path = join(dir, 'config');
    await writeFile(`${path}.lock`, '');
    const old = new Date(Date.now() - 300_000);
    await utimes(`${path}.lock`, old, old);
    await expect(mergeKubeconfig({ env: {}, path, entry: entry(), patience: 30 })).rejects.toMatchObject({
      code: 'KUBECONFIG_LOCKED',
      message: expect.stringContaining(`${path}.lock (5 min old)`) as string,
    });
  });

  it('takes over the lock of a process of ours that was killed, and no other', async () => {
    const path = join(dir, 'config');
    const lock = `${path}.lock`;
    await writeFile(lock, `kmd 999999999 ${hostname()}\n`);
    await mergeKubeconfig({ env: {}, path, entry: entry(), patience: 5000 });
    expect(parse(await readFile(path, 'utf8'))).toMatchObject({ 'current-context': 'kmd-local' });
    expect((await readdir(dir)).sort()).toEqual(['config']);
    for (const content of [`kmd ${process.pid} ${hostname()}\n`, 'kmd 999999999 another-machine\n', '']) {
      await writeFile(lock, content);
      await expect(mergeKubeconfig({ env: {}, path, entry: entry('other'), patience: 50 })).rejects.toMatchObject({
        code: 'KUBECONFIG_LOCKED',
      });
      expect(await readFile(lock, 'utf8')).toBe(content);
    }
  });

  it('takes over a lock that names nobody once it is far older than any change takes', async () => {
    const path = join(dir, 'config');
    await writeFile(`${path}.lock`, '');
    const old = new Date(Date.now() - 11 * 60_000);
    await utimes(`${path}.lock`, old, old);
    await mergeKubeconfig({ env: {}, path, entry: entry(), patience: 5000 });
    expect(await readdir(dir)).toEqual(['config']);
  });

  it('breaks a lock that stays, where that is asked for', async () => {
    const path = join(dir, 'config');
    await writeFile(path, theirs);
    await writeFile(`${path}.lock`, '');
    await mergeKubeconfig({ env: {}, path, entry: entry(), patience: 30, forceUnlock: true });
    expect(await readFile(path, 'utf8')).toContain('kmd-local');
    await expect(stat(`${path}.lock`)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('believes an empty file only under its lock: its owner may be about to write it', async () => {
    const path = join(dir, 'config');
    await writeFile(path, '');
    await writeFile(`${path}.lock`, '');
    const removal = removeKubeconfig({ env: {}, path, context: 'work', patience: 20_000 });
    await writeFile(path, theirs);
    await rm(`${path}.lock`);
    expect(await removal).toMatchObject({ paths: [path] });
    expect(await readFile(path, 'utf8')).not.toContain('work.example');
  });

  it('waits for a lock that is given back', async () => {
    const path = join(dir, 'config');
    await writeFile(`${path}.lock`, '');
    const merge = mergeKubeconfig({ env: {}, path, entry: entry() });
    await rm(`${path}.lock`);
    expect(await merge).toMatchObject({ changed: true });
  });
});

describe('several files in KUBECONFIG', () => {
  const current = (name: string): string =>
    `current-context: ${name}\ncontexts: [{name: ${name}, context: {cluster: c}}]\n`;
  const read = async (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '(none)');

  it('puts a new entry into the first that exists, and an old one where it is', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => join(dir, name)) as [string, string, string];
    const env = { KUBECONFIG: `${a}:${b}::${c}:${b}` };
    await writeFile(b, 'clusters: []\n');
    await writeFile(c, `${current('theirs')}clusters: [{name: kmd-local, cluster: {server: old}}]\n`);
    const result = await mergeKubeconfig({ env, entry: entry() });
    expect(result).toEqual({ path: b, paths: [b, c], changed: true, previousContext: 'theirs' });
    expect(await read(a)).toBe('(none)');
    expect(parse(await read(b))).toMatchObject({
      contexts: [{ name: 'kmd-local' }],
      clusters: [],
      'current-context': 'kmd-local',
    });
    expect(parse(await read(c))).toMatchObject({
      'current-context': 'theirs',
      clusters: [{ cluster: { server: 'https://127.0.0.1:6443' } }],
    });
    // The variable may be another by then: the merge has said where things are.
    const removed = await removeKubeconfig({
      env: {},
      path: result.paths,
      context: 'kmd-local',
      previousContext: 'theirs',
    });
    expect(removed).toEqual({ paths: [b, c], currentContext: 'theirs' });
    expect(parse(await read(b))).toMatchObject({ contexts: [], users: [], 'current-context': '' });
    expect(parse(await read(c))).toMatchObject({
      contexts: [{ name: 'theirs' }],
      clusters: [],
      'current-context': 'theirs',
    });
  });

  it('makes the last one when there is none', async () => {
    const [a, b] = [join(dir, 'a'), join(dir, 'sub', 'b')];
    expect(await mergeKubeconfig({ env: { KUBECONFIG: `${a}:${b}` }, entry: entry() })).toMatchObject({ path: b });
    expect(await read(a)).toBe('(none)');
  });
});

describe('removeKubeconfig', () => {
  it('leaves the current context alone when it is another by now', async () => {
    const path = join(dir, 'config');
    await mergeKubeconfig({ env: {}, path, entry: entry('kmd-a') });
    const { previousContext } = await mergeKubeconfig({ env: {}, path, entry: entry('kmd-b') });
    expect(previousContext).toBe('kmd-a');
    expect(await removeKubeconfig({ env: {}, path, context: 'kmd-a' })).toMatchObject({ currentContext: 'kmd-b' });
    // What was current before is gone: nothing is.
    expect(await removeKubeconfig({ env: {}, path, context: 'kmd-b', previousContext })).toEqual({
      paths: [path],
      currentContext: undefined,
    });
  });

  it('makes no file where there is none', async () => {
    expect(await removeKubeconfig({ env: { HOME: dir }, context: 'x' })).toEqual({
      paths: [],
      currentContext: undefined,
    });
    expect(await readdir(dir)).toEqual([]);
  });
});

describe('paths', () => {
  it.each([
    ['an explicit path', { KUBECONFIG: '/k', HOME: '/h' }, '/p', ['/p']],
    ['the home', { HOME: '/h' }, undefined, ['/h/.kube/config']],
    ['an empty variable', { KUBECONFIG: '', HOME: '/h' }, undefined, ['/h/.kube/config']],
    ['a list, entries once and empty ones left out', { KUBECONFIG: '/a::/b:/a', HOME: '/h' }, undefined, ['/a', '/b']],
  ])('follow %s', (_, env, path, expected) => {
    expect(kubeconfigPaths({ env, path })).toEqual(expected);
  });

  it('need a home', () => {
    expect(() => kubeconfigPaths({ env: {} })).toThrow(/neither KUBECONFIG nor HOME/);
  });

  it('choose the first that exists, else the last', () => {
    expect(defaultKubeconfig(['/a', '/b', '/c'], (path) => path === '/b')).toBe('/b');
    expect(defaultKubeconfig(['/a', '/b', '/c'], () => false)).toBe('/c');
  });
});

describe('renderKubeconfig', () => {
  it('prints a file of its own, in which a token of digits stays text', () => {
    const text = renderKubeconfig({
      context: 'kmd-a: b',
      cluster: { server: 'https://h:1' },
      user: { token: '0123', username: 'admin', password: 'a"b\\c: #d' },
    });
    expect(parse(text)).toEqual({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'kmd-a: b', cluster: { server: 'https://h:1' } }],
      contexts: [{ name: 'kmd-a: b', context: { cluster: 'kmd-a: b', user: 'kmd-a: b' } }],
      'current-context': 'kmd-a: b',
      users: [{ name: 'kmd-a: b', user: { token: '0123', username: 'admin', password: 'a"b\\c: #d' } }],
    });
  });
});
