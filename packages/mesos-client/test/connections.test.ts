import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createAgentClient,
  createExecutorClient,
  createMasterClient,
  createSchedulerClient,
  encodeRecord,
  parseExecutorEnvironment,
} from '../src/index.js';

const pem = (name: string) => readFileSync(fileURLToPath(new URL(`../testdata/tls/${name}`, import.meta.url)), 'utf8');
const servers: TcpServer[] = [];
const sockets = new Set<Socket>();

async function listen<T extends TcpServer>(server: T, path?: string): Promise<T> {
  servers.push(server);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });
  if (path === undefined) server.listen(0, '127.0.0.1');
  else server.listen(path);
  await once(server, 'listening');
  return server;
}

const portOf = (server: TcpServer) => (server.address() as AddressInfo).port;
const version = '{"type":"GET_VERSION","get_version":{"version_info":{"version":"1.11.0"}}}';
const answerVersion = (_: IncomingMessage, response: ServerResponse) =>
  void response.writeHead(200, { 'Content-Type': 'application/json' }).end(version);

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(
    servers.splice(0).map((server) => {
      server.close();
      return once(server, 'close');
    }),
  );
});

describe('TLS', () => {
  async function startSecure(): Promise<Server> {
    const options = { key: pem('server.key'), cert: pem('server.pem'), ca: pem('ca.pem'), requestCert: true };
    return listen(createHttpsServer({ ...options, rejectUnauthorized: true }, answerVersion));
  }

  it('trusts a CA of its own and shows a certificate', async () => {
    const server = await startSecure();
    const tls = { ca: pem('ca.pem'), cert: pem('client.pem'), key: pem('client.key') };
    const client = createMasterClient({ master: `https://localhost:${portOf(server)}`, tls });
    expect((await client.call({ type: 'GET_VERSION' })).get_version.version_info.version).toBe('1.11.0');
    client.close();
  });

  it('says what is wrong with an unknown CA, and without a certificate', async () => {
    const server = await startSecure();
    const master = `https://localhost:${portOf(server)}`;
    const stranger = createMasterClient({ master });
    await expect(stranger.call({ type: 'GET_VERSION' })).rejects.toMatchObject({
      code: 'MESOS_UNREACHABLE',
      message: expect.stringMatching(/certificate/),
    });
    stranger.close();
    const nobody = createMasterClient({ master, tls: { ca: pem('ca.pem') } });
    await expect(nobody.call({ type: 'GET_VERSION' })).rejects.toMatchObject({ code: 'MESOS_UNREACHABLE' });
    nobody.close();
  });
});

describe('a unix socket', () => {
  it('leads an executor to its agent, by the path that the agent takes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mesos-client-socket-'));
    // Deeper than the 107 bytes that the path of a socket may have.
    const deep = join(folder, 'x'.repeat(80), 'y'.repeat(80));
    await mkdir(deep, { recursive: true });
    const before = process.cwd();
    try {
      process.chdir(deep);
      const paths: (string | undefined)[] = [];
      const server = createHttpServer((request, response) => {
        paths.push(request.url);
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.write(
          encodeRecord('{"type":"SUBSCRIBED","subscribed":{"executor_info":{},"framework_info":{},"agent_info":{}}}'),
        );
      });
      await listen(server, 'agent.sock');
      const environment = parseExecutorEnvironment({
        MESOS_FRAMEWORK_ID: 'F',
        MESOS_EXECUTOR_ID: 'E',
        MESOS_DIRECTORY: deep,
        MESOS_AGENT_ENDPOINT: '127.0.0.1:1',
        MESOS_SLAVE_PID: 'slave(3)@127.0.0.1:1',
        // TLS is for the network: over the socket there is none.
        SSL_ENABLED: '1',
        MESOS_DOMAIN_SOCKET: join(deep, 'agent.sock'),
      });
      const executor = createExecutorClient({ environment });
      for await (const event of executor.subscribe()) {
        expect(event.type).toBe('SUBSCRIBED');
        break;
      }
      executor.close();
      // An agent answers no other path there (src/slave/slave.cpp, executorSocketServer).
      expect(paths).toEqual(['/slave(3)/api/v1/executor']);
    } finally {
      process.chdir(before);
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('leads an operator to an agent', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mesos-client-socket-'));
    try {
      const paths: (string | undefined)[] = [];
      const server = createHttpServer((request, response) => {
        paths.push(request.url);
        answerVersion(request, response);
      });
      const socketPath = join(folder, 'agent.sock');
      await listen(server, socketPath);
      const agent = createAgentClient({ agent: 'http://agent/slave(1)', socketPath });
      expect((await agent.call({ type: 'GET_VERSION' })).get_version.version_info.version).toBe('1.11.0');
      agent.close();
      expect(paths).toEqual(['/slave(1)/api/v1']);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('credentials', () => {
  it('are fetched once for all calls that need them, at first and after a 401', async () => {
    let valid = 'one';
    const server = await listen(
      createHttpServer((request, response) => {
        if (request.headers.authorization === `Bearer ${valid}`) answerVersion(request, response);
        else response.writeHead(401).end();
      }),
    );
    const fetched: boolean[] = [];
    const client = createMasterClient({
      master: `http://127.0.0.1:${portOf(server)}`,
      credentials: {
        token: async ({ refresh }) => {
          fetched.push(refresh);
          await new Promise((resolve) => setImmediate(resolve));
          return valid;
        },
      },
    });
    const call = () => Promise.all(Array.from({ length: 20 }, () => client.call({ type: 'GET_VERSION' })));
    expect(await call()).toHaveLength(20);
    expect(fetched).toEqual([false]);
    valid = 'two';
    expect(await call()).toHaveLength(20);
    expect(fetched).toEqual([false, true]);
    client.close();
  });

  it('that are refused again are not tried for ever', async () => {
    let requests = 0;
    const server = await listen(
      createHttpServer((_, response) => {
        requests += 1;
        response.writeHead(401).end('no');
      }),
    );
    let serial = 0;
    const credentials = { token: () => `token-${(serial += 1)}` };
    const client = createMasterClient({ master: `http://127.0.0.1:${portOf(server)}`, credentials });
    await expect(client.call({ type: 'GET_VERSION' })).rejects.toMatchObject({ status: 401, retryable: false });
    expect(requests).toBe(2);
    client.close();
  });
});

describe('servers that misbehave', () => {
  it('redirect in a loop: three hops, then an error', async () => {
    let requests = 0;
    const server: Server = await listen(
      createHttpServer((_, response) => {
        requests += 1;
        response.writeHead(307, { Location: `//127.0.0.1:${portOf(server)}/master/api/v1` }).end();
      }),
    );
    const client = createMasterClient({ master: `http://127.0.0.1:${portOf(server)}` });
    await expect(client.call({ type: 'GET_VERSION' })).rejects.toMatchObject({
      code: 'MESOS_PROTOCOL',
      message: expect.stringContaining('more than 3 redirects'),
    });
    expect(requests).toBe(4);
    client.close();
  });

  it('redirect nowhere', async () => {
    const server = await listen(
      createHttpServer((_, response) => response.writeHead(307, { Location: 'http://' }).end()),
    );
    const client = createMasterClient({ master: `http://127.0.0.1:${portOf(server)}` });
    await expect(client.call({ type: 'GET_VERSION' })).rejects.toMatchObject({ code: 'MESOS_PROTOCOL' });
    client.close();
  });

  it('redirect a scheduler to each other: it backs off and finds the one that leads', async () => {
    let leading = false;
    let rounds = 0;
    const ports: number[] = [];
    const serve = (other: number) =>
      createHttpServer((_, response) => {
        rounds += 1;
        if (rounds > 20) leading = true;
        if (!leading) {
          response.writeHead(307, { Location: `//127.0.0.1:${ports[other]}/master/api/v1/scheduler` }).end();
          return;
        }
        response.writeHead(200, { 'Content-Type': 'application/json', 'Mesos-Stream-Id': 's' });
        response.write(encodeRecord('{"type":"SUBSCRIBED","subscribed":{"framework_id":{"value":"F"}}}'));
      });
    for (const other of [1, 0]) ports.push(portOf(await listen(serve(other))));
    const scheduler = createSchedulerClient({
      master: ports.map((port) => `http://127.0.0.1:${port}`),
      framework: { user: '', name: 'f' },
      backoff: { base: 1, cap: 2 },
    });
    for await (const event of scheduler.subscribe()) {
      expect(event.type).toBe('SUBSCRIBED');
      break;
    }
    scheduler.close();
  });

  it('accept and never answer: half-open', async () => {
    const server = await listen(createTcpServer(() => undefined));
    const client = createMasterClient({ master: `http://127.0.0.1:${portOf(server)}`, answerTimeout: 30 });
    await expect(client.call({ type: 'GET_VERSION' })).rejects.toThrow('no answer within 0.03 s');
    client.close();
  });

  it('are silent for five heartbeats in the middle of an event', async () => {
    const record = encodeRecord(
      '{"type":"SUBSCRIBED","subscribed":{"framework_id":{"value":"F"},"heartbeat_interval_seconds":0.01}}',
    );
    let streams = 0;
    const server = await listen(
      createHttpServer((_, response) => {
        streams += 1;
        response.writeHead(200, { 'Content-Type': 'application/json', 'Mesos-Stream-Id': 's' });
        response.write(record);
        response.write('400\n{"type":"OFF');
      }),
    );
    const scheduler = createSchedulerClient({
      master: `http://127.0.0.1:${portOf(server)}`,
      framework: { user: '', name: 'f' },
      backoff: { base: 1, cap: 1 },
    });
    const seen: string[] = [];
    for await (const event of scheduler.subscribe()) {
      seen.push(event.type);
      if (event.type === 'DISCONNECTED') expect(event.disconnected.error.message).toContain('no heartbeat');
      if (seen.length === 3) break;
    }
    expect(seen).toEqual(['SUBSCRIBED', 'DISCONNECTED', 'SUBSCRIBED']);
    expect(streams).toBe(2);
    scheduler.close();
  });

  it('send a byte at a time', async () => {
    const bytes = Buffer.concat([
      encodeRecord('{"type":"SUBSCRIBED","subscribed":{"framework_id":{"value":"F"}}}'),
      encodeRecord('{"type":"UPDATE","update":{"status":{"task_id":{"value":"tüsk"},"state":"TASK_RUNNING"}}}'),
    ]);
    const server = await listen(
      createHttpServer((_, response) => {
        response.writeHead(200, { 'Content-Type': 'application/json', 'Mesos-Stream-Id': 's' });
        const next = (at: number): void => {
          if (at < bytes.length) response.write(bytes.subarray(at, at + 1), () => setImmediate(next, at + 1));
        };
        next(0);
      }),
    );
    const scheduler = createSchedulerClient({
      master: `http://127.0.0.1:${portOf(server)}`,
      framework: { user: '', name: 'f' },
    });
    for await (const event of scheduler.subscribe()) {
      if (event.type !== 'UPDATE') continue;
      expect(event.update.status.task_id.value).toBe('tüsk');
      break;
    }
    scheduler.close();
  });
});
