import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guestbook } from './command.js';
import { docker, DockerPlace, skip } from './docker-place.js';

/** Kubernetes' own programs, where the test bed has built them before: building them takes longer than all tests together. */
function findPrograms(): string | undefined {
  const cache = process.env['KMD_TESTBED_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'kmd-testbed'); // prettier-ignore
  const folders = existsSync(cache) ? readdirSync(cache).filter((name) => name.startsWith('kube-')) : [];
  return folders
    .map((folder) => join(cache, folder))
    .find(
      (folder) => existsSync(join(folder, 'kube-apiserver')) && existsSync(join(folder, 'kube-controller-manager')),
    );
}

const binaries = findPrograms();
if (!skip && binaries === undefined)
  console.log("SKIPPED: Kubernetes' own API server in the km image (the test bed has not built it here)");

describe.skipIf(skip || binaries === undefined)("a km image with Kubernetes' own programs", () => {
  const place = new DockerPlace();
  const name = 'real';
  const real = { KMD_KM_IMAGE: 'kmd/km:real' };
  const kubectl = (...args: string[]) => place.run(['kubectl', '--name', name, ...args]);

  beforeAll(async () => {
    const built = await place.run(['build', 'km', '--quiet', '--kube-binaries', binaries ?? ''], { IMAGE_TAG: 'real' });
    expect(built).toMatchObject({ code: 0, stderr: '' });
    expect(await place.upDocker(name, real)).toMatchObject({ code: 0, stderr: '' });
  });
  afterAll(async () => {
    await place.close();
    docker('rmi', 'kmd/km:real');
  });

  it('is the same cluster: nodes of Mesos agents, and the guestbook', async () => {
    expect((await kubectl('version')).stdout).toMatch(/Server Version: v1\.\d+\.\d+$/m);
    expect((await kubectl('get', 'nodes', '-o', 'name')).stdout).toBe('node/mesosslave-1\nnode/mesosslave-2\n');
    expect(await kubectl('apply', '-f', guestbook)).toMatchObject({ code: 0 });
    expect(await kubectl('wait', '--for=condition=Available', 'deployment', '--all', '--timeout=100s')).toMatchObject({
      code: 0,
    });
    const { state, agents } = await place.status(name);
    expect(state).toBe('running');
    expect(agents.reduce((sum, { tasks }) => sum + tasks, 0)).toBe(7);
  });
});
