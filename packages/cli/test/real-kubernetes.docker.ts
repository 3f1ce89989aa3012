import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guestbook } from './command.js';
import { docker, DockerPlace, skip } from './docker-place.js';

/** Folders of Kubernetes' own programs, of every version that the test bed has built before: building them takes longer than all tests together. */
function findPrograms(): string[] {
  const cache = process.env['KMD_TESTBED_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'kmd-testbed'); // prettier-ignore
  const folders = existsSync(cache) ? readdirSync(cache).filter((name) => name.startsWith('kube-v')) : [];
  return folders
    .map((folder) => join(cache, folder))
    .filter(
      (folder) => existsSync(join(folder, 'kube-apiserver')) && existsSync(join(folder, 'kube-controller-manager')),
    );
}

const found = findPrograms();
if (!skip && found.length === 0)
  console.log("SKIPPED: Kubernetes' own API server in the km image (the test bed has not built it here)");

describe.skipIf(skip).each(found)("a km image with Kubernetes' own programs, %s", (binaries) => {
  const place = new DockerPlace();
  const name = 'real';
  const kubectl = (...args: string[]) => place.run(['kubectl', '--name', name, ...args]);

  beforeAll(async () => {
    expect(await place.upDocker(name, {}, '--kube-binaries', binaries)).toMatchObject({ code: 0, stderr: '' });
  });
  afterAll(() => place.close());

  it('is of the programs that were given, and leaves the image without them as it is', async () => {
    const version = /kube-(v[\d.]+)/.exec(binaries)?.[1] ?? '';
    expect((await kubectl('version')).stdout).toContain(version);
    const images = docker('ps', '--filter', `name=kmd-${name}-`, '--format', '{{.Names}} {{.Image}}');
    expect(images).toContainEqual(expect.stringMatching(/-apiserver-1 kmd\/km:[\d.]+-kubernetes$/));
  });

  it('is the same cluster: nodes of Mesos agents, and the guestbook', async () => {
    expect((await kubectl('get', 'nodes', '-o', 'name')).stdout).toBe('node/mesosslave-1\nnode/mesosslave-2\n');
    expect(await kubectl('apply', '-f', guestbook)).toMatchObject({ code: 0 });
    expect(await kubectl('wait', '--for=condition=Available', 'deployment', '--all', '--timeout=100s')).toMatchObject({
      code: 0,
    });
    const { state, agents } = await place.status(name);
    expect(state).toBe('running');
    expect(agents.reduce((sum, { tasks }) => sum + tasks, 0)).toBe(8);
    expect(await kubectl('scale', 'deployment/frontend', '--replicas=5')).toMatchObject({ code: 0 });
    expect(await kubectl('rollout', 'status', 'deployment/frontend', '--timeout=100s')).toMatchObject({ code: 0 });
    const running = ['get', 'pods', '-l', 'tier=frontend', '--field-selector', 'status.phase=Running', '-o', 'name'];
    expect((await kubectl(...running)).stdout.trim().split('\n')).toHaveLength(5);
  });

  it('shows logs of pods: the API server asks executors by HTTPS', async () => {
    const { code, stdout, stderr } = await kubectl('logs', 'deployment/frontend');
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('rror') as string]);
    expect(stdout).toContain('hollow');
  });

  it('has the web UI behind kubectl proxy, as kmd ui says', async () => {
    const { stdout } = await place.run(['ui', '--name', name]);
    expect(stdout).toMatch(/^Open http:\/\/127\.0\.0\.1:8001\/.* while kmd kubectl --name real proxy runs\n$/);
    const path = new URL(stdout.split(' ')[1] ?? '').pathname;
    expect((await kubectl('get', '--raw', path)).stdout).toContain('<!doctype html>');
  });
});
