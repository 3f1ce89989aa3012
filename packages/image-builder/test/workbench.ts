import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImage, connectEngine, findImage, type BuildOptions, type EngineConnection } from '@kmd/image-builder';
import { afterAll, afterEach, beforeEach, inject } from 'vitest';

export const testbed = inject('testbed');

/** The test bed's small image. */
export const base = testbed?.images.small ?? '';

/** A folder, an engine and a name for an image, for each test; nothing of them is left after it. */
export interface Workbench {
  readonly engine: EngineConnection;
  readonly folder: string;
  readonly tag: string;
  build(dockerfile: string, more?: Partial<BuildOptions>): ReturnType<typeof buildImage>;
}

export function useWorkbench(defaults: Partial<BuildOptions> = {}): () => Workbench {
  const host = testbed?.host ?? 'unix:///';
  const engine = connectEngine(
    host.startsWith('unix://')
      ? { socketPath: host.slice('unix://'.length) }
      : { host: new URL(host).hostname, port: Number(new URL(host).port) },
  );
  const tag = `kmd-testbed/built:${process.pid}`;
  let bench: Workbench | undefined;
  beforeEach(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'build-docker-'));
    const build: Workbench['build'] = (dockerfileText, more = {}) =>
      buildImage(engine, { folder, tags: [tag], dockerfileText, ...defaults, ...more });
    bench = { engine, folder, tag, build };
  });
  afterEach(async () => {
    if (bench !== undefined) await rm(bench.folder, { recursive: true });
    for (let found = await findImage(engine, tag); found !== undefined; found = await findImage(engine, tag)) {
      await engine.ask({ method: 'DELETE', path: `/images/${tag}`, query: { force: true } });
    }
  });
  afterAll(() => engine.close());
  return () => {
    if (bench === undefined) throw new Error('there is a workbench in tests alone');
    return bench;
  };
}
