import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '@kmd/compose-runner';
import { buildImage } from '@kmd/image-builder';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { registryUser, startRegistry } from '../src/registry.mjs';

const testbed = inject('testbed');

describe.skipIf(testbed === undefined)('a registry with a login', () => {
  const { host, images } = testbed ?? { host: '', images: { small: '' } };
  let registry: Awaited<ReturnType<typeof startRegistry>>;
  let folder: string;
  /** By the name of the platform that the engine builds for. */
  let image: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'login-'));
    registry = await startRegistry({ login: true });
    image = await registry.push({ host }, images.small, 'private/small:linux');
  });
  afterAll(async () => {
    await registry.close();
    await rm(folder, { recursive: true });
  });

  const open = (config: object): ReturnType<typeof openEngine> =>
    writeFile(join(folder, 'config.json'), JSON.stringify(config)).then(() =>
      openEngine({ environment: { DOCKER_HOST: host, DOCKER_CONFIG: folder } }),
    );
  const login = (): object => ({
    auths: {
      [registry.address]: { auth: Buffer.from(`${registryUser.name}:${registryUser.password}`).toString('base64') },
    },
  });

  it('gives nothing to who shows no credentials, and the reason is told', async () => {
    const engine = await open({});
    await expect(engine.pull(image)).rejects.toThrow(/no basic auth credentials|unauthorized/);
    engine.close();
    const helpless = await open({ credsStore: 'nowhere' });
    await expect(helpless.pull(image)).rejects.toThrow(
      /\(docker-credential-nowhere, which keeps the credentials of .* failed: there is no such program\)$/,
    );
    helpless.close();
  });

  it('gives images to pulls and builds with what docker login left, also to those that BuildKit pulls itself', async () => {
    const engine = await open(login());
    const tag = `kmd-testbed/from-private:${process.pid}`;
    try {
      await engine.pull(image);
      expect(await engine.findImage(image)).toBeDefined();
      await engine.removeImage(image);
      for (const [builder, dockerfileText] of [
        ['classic', `FROM ${image}\nRUN true\n`],
        ['buildkit', `FROM ${image}\nRUN true\n`],
        ['buildkit', `FROM ${image.replace(/linux$/, '$TARGETOS')}\nRUN echo by itself\n`],
      ] as const) {
        await buildImage(engine.connection, { folder, dockerfileText, tags: [tag], builder, noCache: true });
        await engine.removeImage(tag);
        await engine.removeImage(image).catch(() => undefined); // BuildKit keeps what it pulls by no name
      }
    } finally {
      engine.close();
    }
  });
});
