import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { run } from '../src/command.mjs';
import { obstacle } from '../src/engine.mjs';
import { images, makeImages } from '../src/images.mjs';
import { openPrivateEngine, type PrivateEngine } from '../src/private-engine.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** What an engine does to a cluster of kmd on it. */
describe.skipIf(inject('testbed') === undefined || obstacle() !== undefined)('a cluster', () => {
  let home: string;
  let engine: PrivateEngine | undefined;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'kmd-restart-'));
  });
  afterEach(async () => {
    await engine?.close();
    rmSync(home, { recursive: true, force: true });
  });

  /** Runs `kmd` where the engine's ports are. */
  async function kmd(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
    if (!engine) throw new Error('there is no engine yet');
    const [command = '', ...words] = engine.enter([process.execPath, join(root, 'packages/cli/bin/kmd.js'), ...args]);
    const child = spawn(command, words, {
      env: {
        PATH: process.env['PATH'],
        HOME: home,
        KMD_HOME: home,
        KUBECONFIG: join(home, 'kubeconfig'),
        KUBECTL_PATH: join(root, 'tools/kubectl/vendor/kubectl'),
        DOCKER_HOST: engine.host,
        KMD_BASE_IMAGE: images.base,
        KMD_ETCD_IMAGE: images.etcd,
      },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
    return { code, stdout, stderr };
  }

  it('is there again by itself when its engine was stopped, or lost its power', async () => {
    engine = await openPrivateEngine();
    await makeImages(engine, ['base', 'etcd']);
    expect(await kmd('up', '--runtime', 'docker', '--agents', '1')).toMatchObject({ code: 0, stderr: '' });
    expect(await kmd('kubectl', 'apply', '-f', join(root, 'examples/guestbook'))).toMatchObject({ code: 0 });
    const wait = ['wait', '--for=condition=Available', 'deployment', '--all', '--timeout=60s'];
    expect(await kmd('kubectl', ...wait)).toMatchObject({ code: 0 });
    const status = async (): Promise<string | undefined> => {
      const { stdout } = await kmd('status', '--json');
      return stdout === '' ? undefined : (JSON.parse(stdout) as { state: string }).state;
    };
    const pods = async (): Promise<string[]> => {
      const format = 'jsonpath={range .items[*]}{.metadata.name} {.status.phase}{"\\n"}{end}';
      return (await kmd('kubectl', 'get', 'pods', '-o', format)).stdout.trim().split('\n').filter(Boolean);
    };
    let before = await pods();
    expect(before).toHaveLength(6);
    for (const end of ['stop', 'cut'] as const) {
      await engine[end]();
      await engine.start();
      await expect.poll(status, { timeout: 60_000, interval: 200 }).toBe('running');
      const fresh = (now: readonly string[]): boolean =>
        now.length === 6 && now.every((pod) => pod.endsWith('Running') && !before.includes(pod));
      await expect.poll(pods, { timeout: 60_000, interval: 200 }).toSatisfy(fresh);
      before = await pods();
    }
    expect(await kmd('down')).toMatchObject({ code: 0 });
  }, 300_000);

  it('is not brought up on an engine whose disk is full: the image is named, and nothing is left', async () => {
    engine = await openPrivateEngine({ dataMegabytes: 1024 });
    await makeImages(engine, ['base', 'etcd']);
    // What is left of the disk does not hold another image.
    const docker = (...args: string[]): Promise<string> =>
      run('/usr/bin/docker', args, { env: { ...process.env, DOCKER_HOST: engine?.host } });
    await docker('volume', 'create', 'filler');
    await docker('run', '--rm', '-v', 'filler:/f', images.etcd, 'sh', '-c', 'dd if=/dev/zero of=/f/x bs=64k 2>/dev/null; true'); // prettier-ignore
    const { code, stderr } = await kmd('up', '--runtime', 'docker');
    expect(code).toBe(1);
    expect(stderr).toMatch(/image kmd\/\S+ cannot be built from .*no space left on device/i);
    expect(await docker('ps', '-aq')).toBe('');
    expect((await docker('images', '--format', '{{.Repository}}')).includes('kmd/')).toBe(false);
  }, 300_000);
});
