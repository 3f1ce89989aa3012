import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from '@kmd/compose-model';
import { down, exec, openEngine, ps, run, stop, up, type DockerEngine } from '@kmd/compose-runner';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { run as runProgram } from '../src/command.mjs';
import { unmountBelow } from '../src/engine-process.mjs';

const testbed = inject('testbed');
const podman = '/usr/bin/podman';
const missing = testbed !== undefined && !existsSync(podman);
if (missing) console.log('SKIPPED: projects on podman: the package podman is not installed');

describe.skipIf(testbed === undefined || missing)("a project on podman's socket", () => {
  let folder: string;
  let service: ChildProcess;
  let engine: DockerEngine;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'podman-'));
    // A machine without CAP_SYS_RESOURCE cannot give processes the limits that podman asks for.
    const limits = '[containers]\ndefault_ulimits=["nofile=1024:1024","nproc=4096:4096"]\n';
    await writeFile(join(folder, 'containers.conf'), limits);
    const socket = join(folder, 'podman.sock');
    const own = ['--root', join(folder, 'root'), '--runroot', join(folder, 'run'), '--storage-driver', 'vfs'];
    service = spawn(podman, [...own, 'system', 'service', '--time', '0', `unix://${socket}`], {
      env: { ...process.env, CONTAINERS_CONF: join(folder, 'containers.conf') },
      stdio: 'ignore',
    });
    await vi.waitUntil(() => existsSync(socket), { timeout: 60_000 });
    engine = await openEngine({ environment: { DOCKER_HOST: `unix://${socket}` }, timeout: 60_000 });
    const { host, images } = testbed ?? { host: '', images: { small: '' } };
    const archive = join(folder, 'image.tar');
    await runProgram('/usr/bin/docker', ['save', '-o', archive, images.small], {
      env: { ...process.env, DOCKER_HOST: host },
    });
    await runProgram(podman, [...own, 'load', '-q', '-i', archive]);
  });
  afterAll(async () => {
    const ended = new Promise((resolve) => service.once('exit', resolve));
    service.kill('SIGTERM');
    await ended;
    await unmountBelow(folder);
    await rm(folder, { recursive: true, force: true });
    engine.close();
  });

  it('comes up, is left alone, changes, runs commands and goes away', async () => {
    const name = `kmdpodman${process.pid}`;
    const read = async (environment: string): Promise<Awaited<ReturnType<typeof load>>['project']> => {
      const content = `name: ${name}
services:
  a:
    image: ${testbed?.images.small}
    command: [sleep, "3600"]
    stop_grace_period: 0s
    environment: { WHO: ${environment} }
    networks: [front, back]
    volumes: ["data:/data"]
  b: { image: "${testbed?.images.small}", command: [sleep, "3600"], stop_grace_period: 0s, depends_on: [a], networks: [front] }
networks: { front: {}, back: {} }
volumes: { data: {} }
`;
      return (await load({ files: [{ path: 'compose.yaml', content }], workingDir: folder, environment: {} })).project;
    };
    const ids = async (): Promise<string[]> => (await ps(engine, name)).map(({ id }) => id);
    try {
      await up(engine, await read('one'), { wait: true });
      const before = await ids();
      expect(before).toHaveLength(2);
      let unchanged = false;
      await up(engine, await read('one'), { onProgress: ({ type }) => (unchanged ||= type === 'unchanged') });
      expect(unchanged).toBe(true);
      expect(await exec(engine, name, 'a', ['sh', '-c', 'echo kept > /data/file; test "$WHO" = one'])).toBe(0);
      await up(engine, await read('two'));
      expect((await ids()).filter((id) => before.includes(id))).toHaveLength(1);
      expect(await exec(engine, name, 'a', ['sh', '-c', 'test "$WHO" = two && test -f /data/file'])).toBe(0);
      expect(await run(engine, await read('two'), 'b', { command: ['sh', '-c', 'exit 3'] })).toBe(3);
      await stop(engine, name);
      expect(await ids()).toEqual([]);
    } finally {
      await down(engine, name, { volumes: true, stopTimeout: 0 });
    }
    const left = [...(await engine.networks()), ...(await engine.volumes())].filter((one) => one.name.startsWith(name));
    expect(left).toEqual([]);
  });
});
