import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createMasterClient,
  createSchedulerClient,
  CredentialsError,
  encodeRecord,
  MesosHttpError,
  revive,
  type EndpointOptions,
  type Transport,
  type TransportRequest,
} from '../src/index.js';

const servers: Server[] = [];
const version = '{"type":"GET_VERSION","get_version":{"version_info":{"version":"1.11.0"}}}';
const subscribed = (heartbeat: unknown) =>
  encodeRecord(
    JSON.stringify({
      type: 'SUBSCRIBED',
      subscribed: { framework_id: { value: 'F' }, heartbeat_interval_seconds: heartbeat },
    }),
  );

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

async function ask(options: EndpointOptions): Promise<unknown> {
  const client = createMasterClient(options);
  try {
    return await client.call({ type: 'GET_VERSION' });
  } finally {
    client.close();
  }
}

describe('an answer', () => {
  it('that stops half-way is given up', async () => {
    const cut = Promise.withResolvers<never>();
    cut.promise.catch(() => undefined);
    const transport: Transport = {
      send: () =>
        Promise.resolve({
          status: 200,
          headers: { 'content-type': 'application/json' },
          body: (async function* () {
            yield Buffer.from(version.slice(0, 20));
            await cut.promise;
          })(),
          abort: () => cut.reject(new Error('aborted')),
        }),
      close: () => undefined,
    };
    const asking = ask({ master: 'http://m1:5050', transport, answerTimeout: 20 });
    await expect(asking).rejects.toThrow('the answer stopped for 0.02 s');
  });

  it('may be slow, as long as something comes', async () => {
    const master = await serve((_, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      const next = (at: number): void => {
        if (at >= version.length) return void response.end();
        response.write(version.slice(at, at + 1), () => setTimeout(next, 1, at + 1));
      };
      next(0);
    });
    expect(await ask({ master, answerTimeout: 2000 })).toMatchObject({ type: 'GET_VERSION' });
  });

  it('that does not end is cut, whether it is one or a refusal', async () => {
    let status = 200;
    const master = await serve((_, response) => {
      response.writeHead(status, { 'Content-Type': 'text/plain' });
      const more = (): void => void (response.writable && response.write('no '.repeat(5000), more));
      more();
    });
    await expect(ask({ master, maxBytes: 100_000 })).rejects.toMatchObject({ code: 'MESOS_PROTOCOL' });
    status = 500;
    const refused: unknown = await ask({ master }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(MesosHttpError);
    expect((refused as MesosHttpError).serverText).toHaveLength(64 * 1024);
    expect((refused as MesosHttpError).message.length).toBeLessThan(700);
  });

  it('that breaks off within a refusal is that refusal', async () => {
    const master = await serve((_, response) => {
      response.writeHead(403, { 'Content-Length': '100' });
      response.write('Not allowed', () => response.destroy());
    });
    await expect(ask({ master })).rejects.toMatchObject({ status: 403, serverText: 'Not allowed' });
  });

  it('that is 202 counts, whatever becomes of its body', async () => {
    const master = await serve((request, response) => {
      if (request.headers['mesos-stream-id'] !== undefined) {
        response.writeHead(202, { 'Content-Length': '10' });
        response.write('x', () => response.destroy());
        return;
      }
      response.writeHead(200, { 'Mesos-Stream-Id': 's' });
      response.write(subscribed(15));
    });
    const scheduler = createSchedulerClient({ master, framework: { user: '', name: 'f' } });
    for await (const event of scheduler.subscribe()) {
      expect(event.type).toBe('SUBSCRIBED');
      await scheduler.call(revive());
      break;
    }
    scheduler.close();
  });

  it('of a master without a leader leads the next call to the next master', async () => {
    const lost = await serve((_, response) => response.writeHead(503).end('No leader elected'));
    const leader = await serve((_, response) => response.writeHead(200).end(version));
    const client = createMasterClient({ master: [lost, leader] });
    await expect(client.call({ type: 'GET_VERSION' })).rejects.toMatchObject({ status: 503, retryable: true });
    expect(await client.call({ type: 'GET_VERSION' })).toMatchObject({ type: 'GET_VERSION' });
    client.close();
  });
});

describe('a heartbeat interval', () => {
  it.each([[1e12], [0], [-1], ['soon'], [null]])(
    'of %j seconds is no reason to give the stream up',
    async (interval) => {
      const master = await serve((_, response) => {
        response.writeHead(200, { 'Mesos-Stream-Id': 's' });
        response.write(subscribed(interval));
        setTimeout(() => response.write(encodeRecord('{"type":"HEARTBEAT"}')), 30);
      });
      const scheduler = createSchedulerClient({ master, framework: { user: '', name: 'f' } });
      const seen: string[] = [];
      for await (const event of scheduler.subscribe()) if (seen.push(event.type) === 2) break;
      expect(seen).toEqual(['SUBSCRIBED', 'HEARTBEAT']);
      scheduler.close();
    },
  );
});

describe('credentials', () => {
  /** Answers with a redirect to each of these, then with a version; keeps the requests. */
  function redirecting(...locations: string[]): { transport: Transport; requests: TransportRequest[] } {
    const requests: TransportRequest[] = [];
    const transport: Transport = {
      send: (request) => {
        requests.push(request);
        const location = locations[requests.length - 1];
        const chunks = location === undefined ? [Buffer.from(version)] : [];
        return Promise.resolve({
          status: location === undefined ? 200 : 307,
          headers: { location, 'content-type': 'application/json' },
          body: (async function* () {
            yield* chunks;
          })(),
          abort: () => undefined,
        });
      },
      close: () => undefined,
    };
    return { transport, requests };
  }

  const credentials = { principal: 'me', secret: 'mine' };
  const sent = (requests: readonly TransportRequest[]) =>
    requests.map(({ url, headers }) => `${url.href} ${headers.Authorization === undefined ? 'nobody' : 'me'}`);

  it('stay with the scheme they were given for', async () => {
    const { transport, requests } = redirecting('http://m1:5050/api/v1', 'https://m2:5050/api/v1');
    await ask({ master: ['https://m1:5050', 'https://m2:5050'], credentials, transport });
    expect(sent(requests)).toEqual([
      'https://m1:5050/api/v1 me',
      'http://m1:5050/api/v1 nobody',
      'https://m2:5050/api/v1 me',
    ]);
  });

  it('are not taken from an address', async () => {
    const { transport, requests } = redirecting('//other:other@m2:5050/api/v1');
    await ask({ master: 'http://m1:5050', transport });
    expect(sent(requests)[1]).toBe('http://m2:5050/api/v1 nobody');
    const asking = ask({ master: 'http://me:mine@m1:5050', transport });
    await expect(asking).rejects.toThrow('master: "http://m1:5050" had a user in it; give { credentials }');
  });

  it('follow no redirect to what is not HTTP', async () => {
    const { transport } = redirecting('file:///etc/passwd');
    await expect(ask({ master: 'http://m1:5050', transport })).rejects.toMatchObject({ code: 'MESOS_PROTOCOL' });
  });

  it('that cannot be had fail a call, and are asked for again by a subscription', async () => {
    const master = await serve((_, response) => {
      response.writeHead(200, { 'Mesos-Stream-Id': 's' });
      response.write(subscribed(15));
    });
    let asked = 0;
    const token = () => {
      asked += 1;
      if (asked < 4) throw new Error('the vault is sealed');
      return 'token';
    };
    await expect(ask({ master, credentials: { token } })).rejects.toThrow(CredentialsError);
    const scheduler = createSchedulerClient({
      master,
      framework: { user: '', name: 'f' },
      credentials: { token },
      backoff: { base: 1, cap: 1 },
    });
    for await (const event of scheduler.subscribe()) {
      expect(event.type).toBe('SUBSCRIBED');
      break;
    }
    expect(asked).toBe(4);
    scheduler.close();
  });
});
