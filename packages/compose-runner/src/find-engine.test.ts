import { createServer, type Server } from 'node:http';
import { createServer as createSocketServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useServers } from '../test/servers.js';
import { findEngine } from './find-engine.js';

const servers = useServers();

/** What an engine answers to the two questions asked of it. */
const answering = (version = '28.3.0'): Server =>
  createServer((request, response) => {
    if (request.url === '/_ping') response.writeHead(200, { 'api-version': '1.51' }).end('OK');
    else if (request.url === '/version') response.end(JSON.stringify({ Version: version, ApiVersion: '1.51' }));
    else response.writeHead(404).end();
  });

describe('looking for an engine', () => {
  it('asks place after place and stops at the first that answers', async () => {
    const rootless = join(servers.folder, 'docker.sock');
    await servers.listen(answering(), 'docker.sock');
    const probes = await findEngine({
      environment: { XDG_RUNTIME_DIR: servers.folder },
      fileExists: async (path) => path === rootless,
    });
    expect(probes).toEqual([
      { name: 'docker socket', host: 'unix:///var/run/docker.sock', answers: false, reason: 'there is no such socket' },
      {
        name: 'rootless docker socket',
        host: `unix://${rootless}`,
        answers: true,
        version: '28.3.0',
        apiVersion: '1.51',
      },
    ]);
  });

  it('finds nothing where there is nothing, and says where it looked', async () => {
    const probes = await findEngine({
      environment: { HOME: servers.folder },
      uid: 1000,
      fileExists: async () => false,
    });
    expect(probes.every((probe) => !probe.answers)).toBe(true);
    expect(probes.map((probe) => probe.host)).toEqual([
      'unix:///var/run/docker.sock',
      'unix:///run/user/1000/docker.sock',
      `unix://${servers.folder}/.docker/run/docker.sock`,
      'unix:///run/user/1000/podman/podman.sock',
      'unix:///run/podman/podman.sock',
    ]);
  });

  it('asks only DOCKER_HOST when it is set', async () => {
    const engine = await servers.listen(answering('27.0.1'));
    const address = engine.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const environment = { DOCKER_HOST: `tcp://127.0.0.1:${port}` };
    const asked = await findEngine({ environment });
    expect(asked).toEqual([
      { name: 'DOCKER_HOST', host: environment.DOCKER_HOST, answers: true, version: '27.0.1', apiVersion: '1.51' },
    ]);
    await servers.close();
    const [gone, ...others] = await findEngine({ environment, fileExists: async () => true });
    expect(others).toEqual([]);
    expect(gone).toMatchObject({ answers: false, reason: 'nothing listens there (connection refused)' });
  });

  it('reports a DOCKER_HOST that cannot be read', async () => {
    const [probe] = await findEngine({ environment: { DOCKER_HOST: 'npipe:////./pipe/docker_engine' } });
    expect(probe).toMatchObject({ name: 'DOCKER_HOST', answers: false });
    expect(probe?.reason).toContain('npipe hosts are not supported');
  });

  it('does not take another server for an engine', async () => {
    const path = join(servers.folder, 'other.sock');
    const server = createServer((_request, response) => response.writeHead(404).end('what?'));
    await servers.listen(server, 'other.sock');
    const [probe] = await findEngine({ environment: { DOCKER_HOST: `unix://${path}` } });
    expect(probe).toMatchObject({ answers: false, reason: '/_ping answered 404, not 200' });
  });

  it('gives up on a socket that stays silent', async () => {
    const path = join(servers.folder, 'silent.sock');
    const server = createSocketServer();
    const connected = new Promise<void>((resolve) => {
      server.on('connection', (socket) => {
        resolve();
        socket.on('error', () => undefined);
      });
    });
    await servers.listen(server, 'silent.sock');
    const [probe] = await findEngine({ environment: { DOCKER_HOST: `unix://${path}` }, timeout: 50 });
    await connected;
    expect(probe).toMatchObject({ answers: false, reason: 'no answer within 50 ms' });
  });

  it('stops when the caller says so', async () => {
    const reason = new Error('enough');
    await expect(findEngine({ environment: {}, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
