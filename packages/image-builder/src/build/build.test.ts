import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectEngine, type EngineConnection } from '../engine/connection.js';
import { buildImage, digestLabel, type BuildOptions } from './build.js';
import type { ImageEvent } from './event.js';

let folder: string;
let server: Server;
let engine: EngineConnection;
let build: (request: IncomingMessage, response: ServerResponse) => void;
/** Images of the engine: by name, their label of digests. */
let images: Map<string, string>;
/** What the base image has of instructions for builds upon it. */
let triggers: readonly string[];
let asked: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'build-'));
  await writeFile(join(folder, 'Dockerfile'), 'FROM base\nRUN make\n');
  images = new Map([['base', '']]);
  triggers = [];
  asked = [];
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://docker');
    const path = url.pathname.replace(/^\/v1\.\d+/, '');
    response.setHeader('content-type', 'application/json');
    if (path === '/_ping') return void response.setHeader('api-version', '1.41').end('OK');
    asked.push(`${request.method} ${path}`);
    if (path === '/build') return build(request, response);
    if (path === '/images/json') return void response.end('[]');
    if (path.endsWith('/tag')) return void response.writeHead(201).end();
    const digest = images.get(path.slice('/images/'.length, -'/json'.length));
    if (digest === undefined) return void response.writeHead(404).end('{"message":"no such image"}');
    const config = { Labels: { [digestLabel]: digest }, OnBuild: triggers };
    response.end(JSON.stringify({ Id: 'sha256:abc', Config: config }));
  });
  const socketPath = join(folder, 'engine.sock');
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  await writeFile(join(folder, '.dockerignore'), 'engine.sock');
  engine = connectEngine({ socketPath });
});

afterEach(async () => {
  engine.close();
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

const lines = (...messages: object[]): string => messages.map((message) => `${JSON.stringify(message)}\r\n`).join('');
const options = (more: Partial<BuildOptions> = {}): BuildOptions => ({ folder, tags: ['shop/web:1'], ...more });

/** Answers when the whole context has come. */
function answering(...messages: object[]): typeof build {
  return (request, response) => {
    request.resume().on('end', () => response.end(lines(...messages)));
  };
}

describe('a build', () => {
  it('tells its steps, and gives the image its names at the end', async () => {
    images.set('sha256:abc', '');
    build = answering(
      { stream: 'Step 1/2 : FROM base\n' },
      { stream: ' ---> abc\n' },
      { stream: 'Step 2/2 : RUN make\n' },
      { stream: 'made' },
      { stream: ' it\n' },
      { aux: { ID: 'sha256:abc' } },
      { stream: 'Successfully built abc\n' },
    );
    const events: ImageEvent[] = [];
    const built = await buildImage(engine, options({ onProgress: (event) => events.push(event) }));
    expect(built).toMatchObject({ id: 'sha256:abc', reused: false });
    expect(events.filter(({ type }) => type === 'step')).toEqual([
      { type: 'step', step: 1, steps: 2, text: 'FROM base' },
      { type: 'step', step: 2, steps: 2, text: 'RUN make' },
    ]);
    expect(events).toContainEqual({ type: 'output', text: 'made it' });
    expect(asked.at(-1)).toBe('POST /images/sha256:abc/tag');
  });

  it('is left out when the image of that name was built from the same things', async () => {
    images.set('sha256:abc', '');
    build = answering({ aux: { ID: 'sha256:abc' } });
    const { digest } = await buildImage(engine, options());
    images.set('shop/web:1', digest);
    asked = [];
    expect(await buildImage(engine, options())).toEqual({ id: 'sha256:abc', reused: true, digest });
    expect(asked).not.toContain('POST /build');
    await buildImage(engine, options({ noCache: true }));
    expect(asked).toContain('POST /build');
    expect((await buildImage(engine, options({ args: { A: '1' } }))).reused).toBe(false);
  });

  it('reads and sends what its Dockerfile copies, and all when the base image may copy more', async () => {
    images.set('sha256:abc', '');
    const sent: string[] = [];
    build = (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (bytes: Buffer) => chunks.push(bytes));
      request.on('end', () => {
        sent.push(Buffer.concat(chunks).toString('latin1'));
        response.end(lines({ aux: { ID: 'sha256:abc' } }));
      });
    };
    const digestWith = async (content: string): Promise<string> => {
      await writeFile(join(folder, 'beside'), content);
      return (await buildImage(engine, options())).digest;
    };
    await writeFile(join(folder, 'Dockerfile'), 'FROM base\nCOPY copied /\n');
    await writeFile(join(folder, 'copied'), 'the copied one');
    expect(await digestWith('one')).toBe(await digestWith('two'));
    expect(sent.at(-1)).toContain('the copied one');
    expect(sent.at(-1)).not.toContain('beside');
    const before = await digestWith('two');
    await writeFile(join(folder, 'copied'), 'another');
    expect(await digestWith('two')).not.toBe(before);
    triggers = ['COPY . /all'];
    expect(await digestWith('one')).not.toBe(await digestWith('two'));
    expect(sent.at(-1)).toContain('beside');
  });

  it('fails with the step and its last lines when the error comes within a good answer', async () => {
    build = answering(
      { stream: 'Step 2/2 : RUN make\n' },
      { stream: ' ---> Running in 0123\n' },
      { stream: 'make: *** No targets.\n' },
      { errorDetail: { code: 2, message: 'returned a non-zero code: 2' }, error: 'returned a non-zero code: 2' },
    );
    await expect(buildImage(engine, options())).rejects.toMatchObject({
      code: 'build-failed',
      step: 'RUN make',
      output: ['make: *** No targets.'],
      message: expect.stringContaining('the build failed: returned a non-zero code: 2'),
    });
    expect(asked.filter((one) => one.endsWith('/tag'))).toEqual([]);
  });

  it('fails when the engine refuses before the context has come', async () => {
    await writeFile(join(folder, 'large'), 'x'.repeat(3_000_000));
    build = (_request, response) => {
      response.writeHead(400, { connection: 'close' }).end('{"message":"dockerfile parse error line 2"}');
    };
    await expect(buildImage(engine, options())).rejects.toMatchObject({
      code: 'build-failed',
      message: 'the build failed: dockerfile parse error line 2',
    });
  });

  it('does not hang, nor succeed, when the answer breaks off', async () => {
    build = (request, response) => {
      request.resume().on('end', () => {
        response.write(lines({ stream: 'Step 2/2 : RUN make\n' }), () => response.destroy());
      });
    };
    await expect(buildImage(engine, options())).rejects.toMatchObject({ code: 'build-broken', step: 'RUN make' });
    build = answering({ stream: 'Step 1/2 : FROM base\n' });
    await expect(buildImage(engine, options())).rejects.toMatchObject({ code: 'build-broken' });
  });

  it('stops when it is cancelled, and closes its connection so that the engine stops too', async () => {
    const cancelling = new AbortController();
    const reason = new Error('enough');
    const closed = new Promise<void>((resolve) => {
      build = (request, response) => {
        response.on('close', resolve);
        request.resume().on('end', () => {
          response.write(lines({ stream: 'Step 1/2 : FROM base\n' }));
          cancelling.abort(reason);
        });
      };
    });
    await expect(buildImage(engine, options({ signal: cancelling.signal }))).rejects.toBe(reason);
    await closed;
  });

  it('says that nothing answers', async () => {
    const nowhere = connectEngine({ socketPath: join(folder, 'none.sock') });
    await expect(buildImage(nowhere, options())).rejects.toMatchObject({ code: 'engine-unreachable' });
  });
});
