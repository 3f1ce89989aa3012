import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load, type Project } from '@kmd/compose-model';
import { connectDockerEngine, down, exec, parseEngineHost, ps, up, type RunnerEvent } from '@kmd/compose-runner';
import { buildImage, findImage } from '@kmd/image-builder';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { images, makeImages } from '../src/images.mjs';
import { openPrivateEngine, type PrivateEngine } from '../src/private-engine.mjs';
import { obstacle } from '../src/engine.mjs';

// What an engine does to those who use it: it is stopped, cut off, runs out of disk, is of another release. Each test has one of its own.
describe.skipIf(inject('testbed') === undefined || obstacle() !== undefined)('an engine', () => {
  let folder: string;
  let engine: PrivateEngine | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'faults-'));
  });
  afterEach(async () => {
    await engine?.close();
    await rm(folder, { recursive: true });
  });

  const open = async (options: Parameters<typeof openPrivateEngine>[0] = {}): Promise<PrivateEngine> => {
    engine = await openPrivateEngine(options);
    await makeImages(engine, ['small']);
    return engine;
  };
  const connect = ({ host }: PrivateEngine): ReturnType<typeof connectDockerEngine> =>
    connectDockerEngine(parseEngineHost(host));
  const project = async (services: string): Promise<Project> => {
    const file = join(folder, 'compose.yaml');
    await writeFile(file, `name: faults\n${services.replaceAll('IMAGE', images.small)}`);
    return (await load({ files: [file], workingDir: folder, environment: {} })).project;
  };
  const idle = 'image: IMAGE, command: [sleep, "3600"], init: true, stop_grace_period: 1s';

  it('that was stopped, or lost its power, has the project back as it was', async () => {
    const host = await open();
    const cluster = await project(`services:
  a: { ${idle}, restart: always, networks: { net: { ipv4_address: 172.30.9.10 } } }
  b: { ${idle}, restart: always, scale: 2, networks: [net], depends_on: [a] }
networks: { net: { ipam: { config: [ { subnet: 172.30.9.0/24 } ] } } }
`);
    const client = connect(host);
    await up(client, cluster);
    const rows = async (): Promise<unknown> =>
      (await ps(client, 'faults')).map(({ id, name, state }) => [id, name, state]);
    const before = await rows();
    for (const end of [() => host.stop(), () => host.cut()]) {
      await end();
      await host.start();
      await expect.poll(rows, { timeout: 30_000 }).toEqual(before);
      let address = '';
      await exec(client, 'faults', 'b', ['nslookup', 'a'], {
        onOutput: (_from, bytes) => (address += Buffer.from(bytes).toString()),
      });
      expect(address).toContain('172.30.9.10');
      const events: RunnerEvent[] = [];
      await up(client, cluster, { wait: true, onProgress: (event) => events.push(event) });
      expect(events).toEqual([{ type: 'unchanged' }]);
    }
    await down(client, cluster);
    client.close();
  });

  it('that goes away in the middle of an up is an error at once, and the next up goes on', async () => {
    const host = await open();
    const client = connect(host);
    const cluster = await project(`services:
  a: { ${idle}, healthcheck: { test: [CMD, test, -f, /ready], interval: 100ms, start_period: 60s } }
  b: { ${idle}, depends_on: { a: { condition: service_healthy } } }
`);
    const cutting: Promise<void>[] = [];
    const work = up(client, cluster, {
      onProgress: (event) => {
        if (event.type === 'step' && event.action.type === 'wait' && event.state === 'begun') cutting.push(host.cut());
      },
    });
    await expect(work).rejects.toMatchObject({ code: 'engine-unreachable' });
    await Promise.all(cutting);
    await expect(up(client, cluster)).rejects.toMatchObject({
      code: 'engine-unreachable',
      message: expect.stringContaining('no engine answers there'),
    });
    await host.start();
    const healthy = await project(`services:\n  a: { ${idle} }\n  b: { ${idle}, depends_on: [a] }\n`);
    await up(client, healthy, { wait: true });
    expect((await ps(client, 'faults')).map(({ name }) => name)).toEqual(['faults-a-1', 'faults-b-1']);
    client.close();
  });

  for (const builder of ['classic', 'buildkit'] as const) {
    it(`that goes away in the middle of a ${builder} build is an error at once`, async () => {
      const host = await open();
      const client = connect(host);
      const cutting: Promise<void>[] = [];
      const work = buildImage(client.connection, {
        folder,
        builder,
        dockerfileText: `FROM ${images.small}\nRUN echo begun && sleep 300`,
        tags: ['faults:1'],
        onProgress: (event) => {
          if (event.type === 'output' && event.text === 'begun') cutting.push(host.cut());
        },
      });
      await expect(work).rejects.toMatchObject({ code: 'build-broken', output: ['begun'] });
      await Promise.all(cutting);
      client.close();
    });

    it(`whose disk is full says so when a ${builder} build ends, and keeps nothing of it`, async () => {
      const host = await open({ dataMegabytes: 48 });
      const client = connect(host);
      const build = (text: string): ReturnType<typeof buildImage> =>
        buildImage(client.connection, { folder, builder, dockerfileText: text, tags: ['faults:1'] });
      const first = await build(`FROM ${images.small}\nRUN echo fits > /file`);
      await expect(build(`FROM ${images.small}\nRUN dd if=/dev/zero of=/large bs=1M count=100`)).rejects.toMatchObject({
        code: 'build-failed',
        message: expect.stringContaining('No space left on device'),
      });
      expect((await findImage(client.connection, 'faults:1'))?.id).toBe(first.id);
      expect(await client.containers([])).toEqual([]);
      await build(`FROM ${images.small}\nRUN echo fits again > /file`);
      await expect(
        up(client, await project(`services:\n  a: { ${idle} }\n`)).then(() => ps(client, 'faults')),
      ).resolves.toHaveLength(1);
      client.close();
    });
  }

  it('of a newer release is brought projects up on, and built on', async () => {
    const host = await open({ release: 'newer' });
    const client = connect(host);
    expect(await client.apiVersion()).toBe('1.51');
    await writeFile(join(folder, 'word'), 'built');
    await writeFile(join(folder, 'Dockerfile'), `FROM ${images.small}\nCOPY word /word\n`);
    const cluster = await project(`services:
  a: { ${idle}, networks: { one: {}, two: { aliases: [other] } }, healthcheck: { test: [CMD, "true"], interval: 1s, start_interval: 100ms, start_period: 10s } }
  b: { build: ".", command: [sleep, "3600"], init: true, networks: [two], depends_on: { a: { condition: service_healthy } }, volumes: ["data:/data"] }
networks: { one: {}, two: {} }
volumes: { data: {} }
`);
    await up(client, cluster, { wait: true });
    let out = '';
    await exec(client, 'faults', 'b', ['sh', '-c', 'cat /word; ping -c 1 -W 5 other > /dev/null && echo found'], {
      onOutput: (_from, bytes) => (out += Buffer.from(bytes).toString()),
    });
    expect(out).toBe('builtfound\n');
    const events: RunnerEvent[] = [];
    await up(client, cluster, { build: true, wait: true, onProgress: (event) => events.push(event) });
    expect(events.filter((event) => event.type !== 'image')).toEqual([{ type: 'unchanged' }]);
    await down(client, cluster, { volumes: true });
    expect(await client.containers([])).toEqual([]);
    expect((await client.networks()).map(({ name }) => name).sort()).toEqual(['bridge', 'host', 'none']);
    client.close();
  });
});
