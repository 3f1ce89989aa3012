import { describe, expect, inject, it } from 'vitest';
import { run } from '../src/command.mjs';
import { startRegistry } from '../src/registry.mjs';

const testbed = inject('testbed');

describe.skipIf(testbed === undefined)('the test bed', () => {
  const { host, images } = testbed ?? { host: '', images: { small: '', base: '', etcd: '' } };
  const docker = (...args: string[]): Promise<string> =>
    run('/usr/bin/docker', args, { env: { ...process.env, DOCKER_HOST: host } });

  it('runs the Node of this workspace in a container', async () => {
    expect((await docker('run', '--rm', images.base, 'node', '-p', 'process.version')).trim()).toBe(process.version);
    expect(await docker('run', '--rm', images.base, 'curl', '--version')).toContain('https');
    expect(await docker('run', '--rm', images.etcd, 'etcd', '--version')).toContain('etcd Version');
  });

  it('runs privileged containers with all capabilities but one, and commands in them', async () => {
    const id = (await docker('run', '-d', '--privileged', images.small, 'sleep', '60')).trim();
    try {
      expect(await docker('exec', '--privileged', id, 'grep', 'CapEff', '/proc/self/status')).toMatch(
        /CapEff:\s+[0-9a-f]+[ef]ffffff$/m,
      );
    } finally {
      await docker('rm', '-f', id);
    }
  });

  it('serves images from a registry on loopback', async () => {
    const registry = await startRegistry();
    try {
      const name = await registry.push({ host }, images.small, 'testbed/small:1');
      await docker('pull', '-q', name);
      expect((await docker('run', '--rm', name, 'echo', 'pulled')).trim()).toBe('pulled');
      await docker('rmi', name);
    } finally {
      await registry.close();
    }
  });
});
