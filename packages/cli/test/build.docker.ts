import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { docker, DockerPlace, skip } from './docker-place.js';

interface Built {
  images: { name: string; tag: string; result: string; id?: string }[];
}

describe.skipIf(skip)('kmd build', () => {
  const place = new DockerPlace();
  // Names of their own: other tests use the usual ones.
  const tag = { IMAGE_TAG: 'tried' };
  const tags = ['km', 'mesos-agent', 'test'].map((name) => `kmd/${name}:tried`);
  const build = async (args: readonly string[], extra: Record<string, string> = tag): Promise<Built> => {
    const { code, stdout, stderr } = await place.run(['build', ...args, '--json'], extra);
    expect([code, stderr]).toEqual([0, '']);
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Built;
  };
  const results = ({ images }: Built) => images.map((image) => `${image.tag} ${image.result}`);
  const inImage = (image: string, ...command: string[]) => docker('run', '--rm', image, ...command).join('\n');

  let first: Built;
  beforeAll(async () => {
    first = await build(['all', '--no-cache']);
  });
  afterAll(async () => {
    docker('rmi', '-f', ...tags, 'my/km:1');
    await place.close();
  });

  it('makes every image, and says what it would make', async () => {
    expect(results(first).sort()).toEqual(tags.map((one) => `${one} built`).sort());
    expect(results(await build(['--dry-run'])).sort()).toEqual(tags.map((one) => `${one} planned`).sort());
  });

  it('makes none twice, unless it is told to', async () => {
    expect(results(await build(['all'])).sort()).toEqual(tags.map((one) => `${one} kept`).sort());
    const again = await build(['km', '--no-cache']);
    expect(results(again)).toEqual(['kmd/km:tried built']);
    expect(again.images[0]?.id).not.toBe(first.images.find(({ name }) => name === 'km')?.id);
  });

  it('makes images that hold what they are for', () => {
    expect(inImage('kmd/km:tried')).toContain('km apiserver: the Kubernetes API');
    expect(inImage('kmd/test:tried', 'kubectl', 'version', '--client')).toContain('Client Version');
    const wait = 'touch /there && await-file -t=2 /there && ! await-file -t=1 /not-there';
    expect(inImage('kmd/test:tried', 'sh', '-c', wait)).toContain('/there is there');
    const programs =
      'for one in node dockerd docker nsenter socat mesos-master mesos-agent; do command -v $one; done; ls /opt/kmd /opt/kmd/ui';
    const held = inImage('kmd/mesos-agent:tried', 'sh', '-c', programs);
    for (const one of ['dockerd', 'nsenter', 'socat', 'executor.js', 'mesos.js', 'server.js'])
      expect(held).toContain(one);
  });

  it('calls them what IMAGE_REPO and IMAGE_TAG say, which is only another name for what is there', async () => {
    expect(results(await build(['km'], { IMAGE_REPO: 'my/km', IMAGE_TAG: '1' }))).toEqual(['my/km:1 kept']);
    expect(docker('images', '-q', 'my/km:1')).toEqual(docker('images', '-q', 'kmd/km:tried'));
    expect(await place.run(['build', 'all'], { IMAGE_REPO: 'my/km' })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('IMAGE_REPO is my/km, which is the name of one image') as string,
    });
  });

  it('says which image or base there is not', async () => {
    expect(await place.run(['build', 'nothing'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('give km, mesos-agent, test or all') as string,
    });
    const { code, stderr } = await place.run(['build', 'km'], { ...tag, KMD_BASE_IMAGE: '127.0.0.1:1/no/base:1' });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/cannot be built from 127\.0\.0\.1:1\/no\/base:1/)]);
  });
});
