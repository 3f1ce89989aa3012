import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureCredentials } from '@kmd/kube-bootstrap';
import { configMaps, createKubeClient } from '@kmd/kube-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runComponent } from './km.js';

/** Runs a component until `use` is done with what it printed. */
async function whileRunning(args: string[], use: (printed: () => string) => Promise<void>): Promise<number> {
  const stop = new AbortController();
  let text = '';
  const ended = runComponent(args, { print: (more) => (text += more), stopped: stop.signal, environment: {} });
  await Promise.race([use(() => text), ended]);
  stop.abort();
  return ended;
}

const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
};

describe('km', () => {
  let folder: string;
  let auth: Awaited<ReturnType<typeof ensureCredentials>>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kmd-km-'));
    auth = await ensureCredentials({
      dir: join(folder, 'auth'),
      serviceCidr: '10.10.10.0/24',
      dnsDomain: 'cluster.local',
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const apiserver = () => [
    'apiserver',
    '--secure-port=0',
    `--tls-cert-file=${auth.apiserver.certPath}`,
    `--tls-private-key-file=${auth.apiserver.keyPath}`,
    `--token-auth-file=${auth.tokensPath}`,
    `--service-account-key-file=${auth.serviceAccounts.keyPath}`,
    `--journal-dir=${join(folder, 'journal')}`,
    '--etcd-servers=http://etcd:4001',
    '--allow-privileged',
  ];
  const connect = (printed: string) =>
    createKubeClient({
      server: (/listening on (\S+)/.exec(printed)?.[1] ?? '').replace('0.0.0.0', '127.0.0.1'),
      ca: auth.ca.cert,
      token: auth.token,
    });

  it('runs an API server whose objects are there again after a restart', async () => {
    const map = { metadata: { name: 'kept', namespace: 'default' }, data: { a: '1' } };
    const first = await whileRunning(apiserver(), async (printed) => {
      await until(() => printed().includes('listening on'));
      const kube = connect(printed());
      await kube.create(configMaps, map);
      kube.close();
    });
    const second = await whileRunning(apiserver(), async (printed) => {
      await until(() => printed().includes('listening on'));
      const kube = connect(printed());
      expect((await kube.get(configMaps, 'kept', { namespace: 'default' })).data).toEqual({ a: '1' });
      kube.close();
    });
    expect([first, second]).toEqual([0, 0]);
  });

  it.each([
    [['kubelet'], 2, /unknown component kubelet; there are apiserver, controller-manager, scheduler, ambassador/],
    [['scheduler', '--nonsense'], 2, /km scheduler: unknown flag --nonsense/],
    [['scheduler'], 2, /km scheduler: give --api-servers/],
    [['apiserver', 'word'], 2, /"word" is no --flag=value/],
    [['apiserver', '--secure-port=x', '--tls-cert-file=/nowhere'], 1, /ENOENT/],
    [['--help'], 0, /Usage: km COMPONENT/],
  ] as [string[], number, RegExp][])('%j ends with %i', async (args, code, message) => {
    let text = '';
    const stopped = new AbortController().signal;
    expect(await runComponent(args, { print: (more) => (text += more), stopped, environment: {} })).toBe(code);
    expect(text).toMatch(message);
  });

  it('ends while it still waits for its API server', async () => {
    const args = ['controller-manager', '--master=https://127.0.0.1:1', `--root-ca-file=${auth.ca.certPath}`];
    const stop = new AbortController();
    const ended = runComponent(args, { print: () => undefined, stopped: stop.signal, environment: {} });
    stop.abort();
    expect(await ended).toBe(0);
  });
});
