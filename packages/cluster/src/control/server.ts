import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { RuntimeStatus } from './protocol.js';

export interface ControlServer {
  port: number;
  token: string;
  close(): void;
}

/**
 * The background process' own door, on loopback: `GET /status`, `PUT /agents` and `POST /shutdown`, all with the bearer token that only the owner
 * of the cluster's folder can read.
 */
export async function startControlServer(handlers: {
  status(): Promise<RuntimeStatus>;
  shutdown(): void;
  /** Has these agents from now on; the text is as it came. */
  agents(text: string): Promise<void>;
}): Promise<ControlServer> {
  const token = randomBytes(32).toString('hex');
  const expected = Buffer.from(`Bearer ${token}`);
  const server: Server = createServer((request, response) => {
    const given = Buffer.from(request.headers.authorization ?? '');
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    };
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      answer(401, { error: 'the token of cluster.json is needed' });
    } else if (request.method === 'GET' && request.url === '/status') {
      handlers.status().then(
        (status) => answer(200, status),
        (error: unknown) => answer(500, { error: String(error) }),
      );
    } else if (request.method === 'POST' && request.url === '/shutdown') {
      answer(202, {});
      handlers.shutdown();
    } else if (request.method === 'PUT' && request.url === '/agents') {
      readText(request)
        .then(handlers.agents)
        .then(
          () => answer(200, {}),
          (error: unknown) => answer(500, { error: String(error) }),
        );
    } else {
      answer(404, { error: 'GET /status, PUT /agents or POST /shutdown' });
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    token,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
