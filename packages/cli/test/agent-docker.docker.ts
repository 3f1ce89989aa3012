import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { docker, DockerPlace, heldBy, nothing, skip, testbed } from './docker-place.js';

describe.skipIf(skip)('Docker inside the agents', () => {
  const place = new DockerPlace();
  const name = 'inside';
  const small = testbed?.images.small ?? '';
  const load = (...words: string[]) => place.run(['load', 'image', '--name', name, ...words]);
  const inAgent = (number: number, ...words: string[]) =>
    docker('exec', `kmd-${name}-mesosslave-${number}`, 'docker', ...words);
  let volumes: string[];

  beforeAll(async () => {
    volumes = docker('volume', 'ls', '--quiet');
    expect(await place.upDocker(name)).toMatchObject({ code: 0, stderr: '' });
  });
  afterAll(() => place.close());

  it('gets images of the engine, once', async () => {
    const id = docker('image', 'inspect', '--format', '{{.Id}}', small);
    const lines = (word: string) => [1, 2].map((number) => `mesosslave-${number}: ${small} ${word}\n`).join('');
    const first = await load(small);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain(lines('was loaded'));
    expect([inAgent(1, 'images', '-q', '--no-trunc'), inAgent(2, 'images', '-q', '--no-trunc')]).toEqual([id, id]);
    expect((await load(small)).stdout).toContain(lines('is there already'));
  });

  it('gets images of an archive', async () => {
    inAgent(1, 'rmi', small);
    const archive = join(place.home, 'small.tar');
    docker('save', '--output', archive, small);
    expect(await load(archive, '--quiet')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(inAgent(1, 'images', '--format', '{{.Repository}}:{{.Tag}}')).toEqual([small]);
  });

  it('says which image or archive there is not', async () => {
    expect(await load('kmd-testbed/none:1')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('has no image kmd-testbed/none:1') as string,
    });
    expect(await load('/nowhere/x.tar')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no archive /nowhere/x.tar') as string,
    });
  });

  it("runs containers on the cluster's network: they reach its servers and each other, and are reached", () => {
    const serve = 'mkdir /w && echo from inside > /w/index.html && exec httpd -f -p 80 -h /w';
    inAgent(1, 'run', '-d', '--name', 'web', small, 'sh', '-c', serve);
    const [address = ''] = inAgent(1, 'inspect', '--format', '{{.NetworkSettings.IPAddress}}', 'web');
    expect(address).toMatch(/^172\.\d+\.1\.\d+$/);
    const ask = ['curl', '--silent', '--max-time', '10', '--retry', '5', '--retry-connrefused', `http://${address}/`];
    expect(docker('exec', `kmd-${name}-apiserver-1`, ...ask)).toEqual(['from inside']);
    const pinged = (target: string) => inAgent(2, 'run', '--rm', small, 'ping', '-c', '1', '-W', '5', target).join(' ');
    expect(pinged(address)).toContain('1 packets received');
    const [master = ''] = docker('exec', `kmd-${name}-mesosmaster1-1`, 'hostname', '-i');
    expect(pinged(master)).toContain('1 packets received');
  });

  it('has what port-forwards of a kubelet need', () => {
    for (const program of ['nsenter', 'socat']) {
      expect(docker('exec', `kmd-${name}-mesosslave-1`, 'sh', '-c', `command -v ${program}`)).toHaveLength(1);
    }
  });

  it('comes back with its images when the cluster was stopped', async () => {
    expect(await place.run(['stop', '--name', name])).toMatchObject({ code: 0 });
    expect(await place.run(['start', '--name', name])).toMatchObject({ code: 0 });
    expect((await load(small)).stdout).toContain(`mesosslave-2: ${small} is there already`);
  });

  it('leaves no volume behind, neither with an agent nor with the cluster', async () => {
    const extra = () => docker('volume', 'ls', '--quiet').filter((volume) => !volumes.includes(volume)).length;
    const before = extra();
    expect(await place.run(['scale', 'agents=1', '--name', name])).toMatchObject({ code: 0 });
    expect(extra()).toBe(before - 1);
    expect(await place.run(['down', '--name', name])).toMatchObject({ code: 0 });
    expect(heldBy(name)).toEqual(nothing);
    expect(extra()).toBe(0);
  });

  it('may be left out', async () => {
    expect(await place.upDocker(name, { KMD_AGENT_DOCKER: 'false' }, '--agents', '1')).toMatchObject({ code: 0 }); // prettier-ignore
    const { code, stderr } = await load(small);
    expect([code, stderr]).toEqual([4, expect.stringContaining('mesosslave-1 has no Docker inside')]);
  });
});
