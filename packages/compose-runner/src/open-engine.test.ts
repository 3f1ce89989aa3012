import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useServers } from '../test/servers.js';
import { openEngine } from './open-engine.js';
import type { EngineStrategy } from './find-engine.js';

describe('openEngine', () => {
  const servers = useServers();
  const strategies: EngineStrategy[] = ['one', 'two'].map((name) => ({
    name,
    hosts: () => [{ kind: 'socket', path: join(servers.folder, name) }],
  }));
  const engine: RequestListener = (request, response) => {
    response.setHeader('api-version', '1.44');
    response.setHeader('content-type', 'application/json');
    response.end(request.url === '/_ping' ? 'OK' : '{"Version":"25.0.0","ApiVersion":"1.44"}');
  };

  it('asks the first place that is there once, and uses it', async () => {
    const asked: (string | undefined)[] = [];
    const counting = createServer((request, response) => {
      asked.push(request.url);
      engine(request, response);
    });
    await servers.listen(counting, 'two');
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
      await servers.listen(createServer(answer), 'one');
      await servers.listen(createServer(engine), 'two');
      const opened = await openEngine({ environment: {}, strategies, timeout: 2000 });
      expect(await opened.apiVersion()).toBe('1.44');
      opened.close();
      await servers.close();
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
    await servers.listen(createServer(), 'one');
    const stopping = new AbortController();
    const opening = openEngine({ environment: {}, strategies, signal: stopping.signal });
    stopping.abort(new Error('enough'));
    await expect(opening).rejects.toThrow('enough');
  });
});
