import { describe, expect, inject, it } from 'vitest';
import { run } from '../src/command.mjs';
import { startRegistry } from '../src/registry.mjs';

const testbed = inject('testbed');

describe.skipIf(testbed === undefined)('the test bed', () => {
  const docker = (...args) => run('/usr/bin/docker', args, { env: { ...process.env, DOCKER_HOST: testbed.host } });

  it('runs the Node of this workspace in a container', async () => {
    expect((await docker('run', '--rm', testbed.images.base, 'node', '-p', 'process.version')).trim()).toBe(
      process.version,
    );
  });

  it('runs privileged containers with all capabilities but one, and commands in them', async () => {
    const id = (await docker('run', '-d', '--privileged', testbed.images.small, 'sleep', '60')).trim();
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
      const name = await registry.push(testbed, testbed.images.small, 'testbed/small:1');
      await docker('pull', '-q', name);
      expect((await docker('run', '--rm', name, 'echo', 'pulled')).trim()).toBe('pulled');
      await docker('rmi', name);
    } finally {
      await registry.close();
    }
  });
});
