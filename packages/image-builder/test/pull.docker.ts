import { findImage, pullImage, readJsonLines, type ImageEvent } from '@kmd/image-builder';
import { describe, expect, it } from 'vitest';
import { base, testbed, useWorkbench } from './workbench.js';

describe.skipIf(testbed === undefined)('a pull', () => {
  const bench = useWorkbench();

  it('gets an image layer by layer, and a base image that is missing before a build', async () => {
    const { engine, build } = bench();
    const image = (testbed?.pullable ?? '').replace('small:1', 'layered:1');
    const away = async (): Promise<void> => {
      if ((await findImage(engine, image)) !== undefined) {
        await engine.ask({ method: 'DELETE', path: `/images/${image}`, query: { force: true } });
      }
      expect(await findImage(engine, image)).toBeUndefined();
    };
    await build(`FROM ${base}\nRUN echo ${Date.now()} > /unique`, { tags: [image] });
    for await (const message of readJsonLines(
      await engine.open({ method: 'POST', path: `/images/${image}/push`, headers: { 'x-registry-auth': 'e30=' } }),
    )) {
      expect(message['error']).toBeUndefined();
    }
    await away();
    const events: ImageEvent[] = [];
    await pullImage(engine, image, { onProgress: (event) => events.push(event) });
    expect(await findImage(engine, image)).toBeDefined();
    expect(events).toContainEqual({ type: 'status', text: expect.stringContaining('Downloaded newer image') });
    const layers = events.filter((event) => event.type === 'layer');
    expect(layers.length).toBeGreaterThan(0);
    await away();
    await build(`FROM ${image}\nRUN true`);
    await expect(pullImage(engine, image.replace(':1', ':none'))).rejects.toThrow(/manifest .*unknown/i);
    await engine.ask({ method: 'DELETE', path: `/images/${image}`, query: { force: true } });
  });

  it('says why an image cannot be had', async () => {
    await expect(pullImage(bench().engine, '127.0.0.1:9/none/such:1')).rejects.toMatchObject({
      code: 'pull-failed',
      image: '127.0.0.1:9/none/such:1',
      message: expect.stringContaining('cannot be pulled'),
    });
  });
});
