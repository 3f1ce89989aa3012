import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useServers } from '../../test/servers.js';
import { connectDockerEngine } from './http-engine.js';
import type { DockerEngine } from './docker-engine.js';

describe('an engine over HTTP', () => {
  const servers = useServers();
  let engine: DockerEngine;
  let asked: string[];
  /** Called with the answer to a container's creation, which the test gives. */
  let creating: (response: ServerResponse) => void;

  beforeEach(async () => {
    asked = [];
    const server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://docker');
      if (pathname === '/_ping') return void response.setHeader('api-version', '1.41').end('OK');
      asked.push(`${request.method} ${pathname.replace('/v1.41', '')}`);
      if (pathname.endsWith('/containers/create')) creating(response);
      else response.writeHead(204).end();
    });
    await servers.listen(server, 'engine.sock');
    engine = connectDockerEngine({ kind: 'socket', path: join(servers.folder, 'engine.sock') });
  });
  afterEach(() => engine.close());

  it('leaves no container of a creation that is cancelled, though the engine goes on with it', async () => {
    const cancelling = new AbortController();
    const reason = new Error('enough');
    creating = (response) => {
      cancelling.abort(reason);
      response.setHeader('content-type', 'application/json').writeHead(201).end('{"Id":"abc"}');
    };
    await expect(engine.create('web', {}, { signal: cancelling.signal })).rejects.toBe(reason);
    expect(asked).toEqual(['POST /containers/create', 'DELETE /containers/abc']);
    await expect(engine.create('web', {}, { signal: cancelling.signal })).rejects.toBe(reason);
    expect(asked).toHaveLength(2);
  });
});
