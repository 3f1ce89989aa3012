import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEngine } from './open-engine.js';
import type { EngineStrategy } from './find-engine.js';

describe('openEngine', () => {
  let folder: string;
  const servers: Server[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'open-'));
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
    await rm(folder, { recursive: true });
  });

  const listen = async (name: string, answer: RequestListener): Promise<void> => {
    const server = createServer(answer);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(join(folder, name), resolve));
  };
  const strategies: EngineStrategy[] = ['one', 'two'].map((name) => ({
    name,
    hosts: () => [{ kind: 'socket', path: join(folder, name) }],
  }));
  const engine: RequestListener = (request, response) => {
    response.setHeader('api-version', '1.44');
    response.setHeader('content-type', 'application/json');
    response.end(request.url === '/_ping' ? 'OK' : '{"Version":"25.0.0","ApiVersion":"1.44"}');
  };

  it('asks the first place that is there once, and uses it', async () => {
    const asked: (string | undefined)[] = [];
    await listen('two', (request, response) => {
      asked.push(request.url);
      engine(request, response);
    });
    const opened = await openEngine({ environment: {}, strategies });
    expect(await opened.apiVersion()).toBe('1.44');
    expect(asked).toEqual(['/_ping']);
    opened.close();
  });

  it('goes on to the next place when what is there is no engine, or does not answer', async () => {
    for (const answer of [
      (_request, response) => void response.writeHead(404).end(),
      () => undefined,
    ] as RequestListener[]) {
      await listen('one', answer);
      await listen('two', engine);
      const opened = await openEngine({ environment: {}, strategies, timeout: 2000 });
      expect(await opened.apiVersion()).toBe('1.44');
      opened.close();
      for (const server of servers.splice(0)) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    }
  });

  it('says where it looked when there is none', async () => {
    await expect(openEngine({ environment: { DOCKER_HOST: 'unix:///none' } })).rejects.toMatchObject({
      code: 'engine-missing',
      message: expect.stringContaining('unix:///none: there is no such socket'),
    });
    await expect(openEngine({ environment: { DOCKER_HOST: 'nonsense' } })).rejects.toThrow('has no scheme');
  });

  it('ends with its signal', async () => {
    await listen('one', () => undefined);
    const stopping = new AbortController();
    const opening = openEngine({ environment: {}, strategies, signal: stopping.signal });
    stopping.abort(new Error('enough'));
    await expect(opening).rejects.toThrow('enough');
  });
});
