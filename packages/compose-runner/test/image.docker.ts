import { down, up, type RunnerEvent } from '@kmd/compose-runner';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { idle, openWorkbench, testbed, type Workbench } from './engine.js';

describe.skipIf(testbed === undefined)('the images of a project', () => {
  let bench: Workbench;

  beforeEach(async () => {
    bench = await openWorkbench();
  });
  afterEach(() => bench.close());

  it('pulls what is missing, and only that', async () => {
    const image = testbed?.pullable ?? '';
    const project = await bench.compose(
      `services:\n  a: { image: "${image}", command: [sleep, "3600"], stop_grace_period: 0s }\n  b: { ${idle} }\n`,
    );
    const pulled = new Set<string>();
    const onProgress = (event: RunnerEvent): void => void (event.type === 'image' && pulled.add(event.image));
    await up(bench.engine, project, { services: ['b'], onProgress });
    expect([...pulled]).toEqual([]);
    await up(bench.engine, project, { onProgress });
    expect([...pulled]).toEqual([image]);
    await down(bench.engine, project);
    await bench.engine.removeImage(image);
  });

  it('builds what has a build, once', async () => {
    await bench.write({ 'web/Dockerfile': `FROM ${testbed?.images.small}\nCOPY word /word\n`, 'web/word': 'built' });
    const file = `services:\n  web: { build: ./web, command: [sleep, "3600"], stop_grace_period: 0s }\n`;
    await up(bench.engine, await bench.compose(file));
    expect(await bench.text('web', ['cat', '/word'])).toBe('built');
    const before = await bench.ids();
    await up(bench.engine, await bench.compose(file), { build: true });
    expect(await bench.ids()).toEqual(before);
    await bench.write({ 'web/word': 'again' });
    await up(bench.engine, await bench.compose(file), { build: true });
    expect(await bench.text('web', ['cat', '/word'])).toBe('again');
    await down(bench.engine, await bench.compose(file), { images: 'local' });
    expect(await bench.engine.findImage(`${bench.name}-web`)).toBeUndefined();
  });

  it('gives builds their secrets', async () => {
    await bench.write({
      Dockerfile: `FROM ${testbed?.images.small}\nRUN --mount=type=secret,id=a --mount=type=secret,id=b cat /run/secrets/a /run/secrets/b > /word\n`,
      'secret.txt': 'from a file, ',
    });
    const project = await bench.compose(
      `services:
  a: { build: { context: ., secrets: [ a, { source: other, target: b } ], no_cache: true }, command: [sleep, "3600"], stop_grace_period: 0s }
secrets: { a: { file: ./secret.txt }, other: { environment: OTHER } }
`,
      { OTHER: 'and of the environment' },
    );
    await up(bench.engine, project);
    expect(await bench.text('a', ['cat', '/word'])).toBe('from a file, and of the environment');
    await down(bench.engine, project, { images: 'local' });
  });
});
