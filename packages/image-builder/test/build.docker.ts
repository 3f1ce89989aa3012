import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  buildImage,
  connectEngine,
  findImage,
  pullImage,
  readJsonLines,
  type BuildOptions,
  type EngineConnection,
  type ImageEvent,
} from '@kmd/image-builder';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';

const testbed = inject('testbed');

describe.skipIf(testbed === undefined)('on a real engine', () => {
  const base = testbed?.images.small ?? '';
  const tag = `kmd-testbed/built:${process.pid}`;
  let engine: EngineConnection;
  let folder: string;

  beforeAll(() => {
    const host = testbed?.host ?? '';
    engine = connectEngine(
      host.startsWith('unix://')
        ? { socketPath: host.slice('unix://'.length) }
        : { host: new URL(host).hostname, port: Number(new URL(host).port) },
    );
  });
  afterAll(() => engine.close());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'build-docker-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
    for (let found = await findImage(engine, tag); found !== undefined; found = await findImage(engine, tag)) {
      await engine.ask({ method: 'DELETE', path: `/images/${tag}`, query: { force: true } });
    }
  });

  const build = (dockerfile: string, more: Partial<BuildOptions> = {}): ReturnType<typeof buildImage> =>
    buildImage(engine, { folder, tags: [tag], dockerfileText: dockerfile, ...more });

  it('gets modes, links and empty folders across', async () => {
    await mkdir(join(folder, 'c/empty'), { recursive: true });
    await writeFile(join(folder, 'c/run'), '#!/bin/sh\n');
    await chmod(join(folder, 'c/run'), 0o750);
    await symlink('run', join(folder, 'c/link'));
    await writeFile(join(folder, 'c/ignored'), '');
    await writeFile(join(folder, '.dockerignore'), '**/ignored\n');
    const output: string[] = [];
    await build(`FROM ${base}\nCOPY c /c\nRUN stat -c '%n %a %F' /c/*\nRUN readlink /c/link`, {
      onProgress: (event) => void (event.type === 'output' && output.push(event.text)),
    });
    expect(output).toEqual(
      expect.arrayContaining(['/c/empty 755 directory', '/c/link 777 symbolic link', '/c/run 750 regular file', 'run']),
    );
    expect(output.join('\n')).not.toContain('ignored');
  });

  it('takes arguments, a target and labels', async () => {
    const dockerfile = `ARG BASE\nFROM \${BASE} AS one\nARG WORD\nRUN echo "said $WORD"\nFROM one AS two\nRUN false`;
    const output: ImageEvent[] = [];
    await build(dockerfile, {
      args: { BASE: base, WORD: 'hello' },
      target: 'one',
      labels: { role: 'test' },
      onProgress: (event) => void output.push(event),
    });
    expect(output).toContainEqual({ type: 'output', text: 'said hello' });
    expect((await findImage(engine, tag))?.labels).toMatchObject({ role: 'test' });
  });

  it('builds once what does not change, also under another name', async () => {
    await writeFile(join(folder, 'a'), 'one');
    const dockerfile = `FROM ${base}\nCOPY a /a`;
    const first = await build(dockerfile);
    const other = `${tag}-other`;
    const again = await build(dockerfile, { tags: [tag, other] });
    expect(again).toEqual({ ...first, reused: true });
    expect((await findImage(engine, other))?.id).toBe(first.id);
    await engine.ask({ method: 'DELETE', path: `/images/${other}` });
    await writeFile(join(folder, 'a'), 'two');
    const changed = await build(dockerfile);
    expect(changed.reused).toBe(false);
    expect(changed.id).not.toBe(first.id);
  });

  it('fails with the step and what it printed, and leaves the old image in place', async () => {
    const old = await build(`FROM ${base}\nRUN true`);
    await expect(build(`FROM ${base}\nRUN echo "no such luck"; exit 3`)).rejects.toMatchObject({
      code: 'build-failed',
      step: 'RUN echo "no such luck"; exit 3',
      output: ['no such luck'],
    });
    await expect(build('FROM')).rejects.toMatchObject({ code: 'build-failed' });
    expect((await findImage(engine, tag))?.id).toBe(old.id);
  });

  it('stops on the engine when it is cancelled', async () => {
    const cancelling = new AbortController();
    const mark = `cancel-${process.pid}-${Date.now()}`;
    const running = build(`FROM ${base}\nRUN echo ${mark} && sleep 300`, {
      signal: cancelling.signal,
      onProgress: (event) => void (event.type === 'output' && event.text === mark && cancelling.abort()),
    });
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    const ours = async (): Promise<unknown[]> => {
      const listed = await engine.ask({ path: '/containers/json' });
      return Array.isArray(listed) ? listed.filter((one) => JSON.stringify(one).includes(mark)) : [];
    };
    await expect.poll(ours, { timeout: 20_000 }).toEqual([]);
    expect(await findImage(engine, tag)).toBeUndefined();
  });

  it('pulls an image, layer by layer, and a base image that is missing before a build', async () => {
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

  it('says why an image cannot be pulled', async () => {
    await expect(pullImage(engine, '127.0.0.1:9/none/such:1')).rejects.toMatchObject({
      code: 'pull-failed',
      image: '127.0.0.1:9/none/such:1',
      message: expect.stringContaining('cannot be pulled'),
    });
  });
});
