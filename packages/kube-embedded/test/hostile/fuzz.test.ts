import { Agent, request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { namespaces } from '@kmd/kube-client';
import { type ApiServer, startControllers } from '../../src/index.js';
import { randomFrom } from '../random.js';
import { start } from '../server.js';
import { type FuzzedRequest, fuzzRequest } from './request-fuzz.js';

/* `KUBE_FUZZ=100000 KUBE_FUZZ_SEED=5 npx vitest run packages/kube-embedded/test/hostile/fuzz.test.ts` asks for longer. */
const cases = Number(process.env['KUBE_FUZZ'] ?? 2000);
const seed = Number(process.env['KUBE_FUZZ_SEED'] ?? 1);

let server: ApiServer;
const failures: string[] = [];
const note = (fields: unknown, text = ''): void => {
  const { err, url } = Object(fields) as { err?: Error; url?: string };
  failures.push(`${text} ${url ?? ''} ${err?.stack ?? ''}`);
};
beforeAll(async () => {
  const quiet = (): void => undefined;
  server = await start({ insecurePort: 0, logger: { debug: quiet, info: quiet, warn: quiet, error: note } });
  await server.api.create(namespaces, { metadata: { name: 'fuzz' } });
});
afterAll(() => server.close());

const agent = new Agent({ keepAlive: true, maxSockets: 4 });

function send({ method, path, headers, body }: FuzzedRequest): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(
      `${server.insecureUrl ?? ''}`,
      { method, path, headers, agent, timeout: 20_000 },
      (response) => {
        // Watches go on: their beginning is enough.
        response.once('data', () => {
          if (path.includes('watch')) response.destroy();
        });
        response.on('close', () => resolve(response.statusCode ?? 0));
        response.resume();
        if (path.includes('watch')) setTimeout(() => response.destroy(), 20);
      },
    );
    asked.on('timeout', () => asked.destroy(new Error(`no answer to ${method} ${path}`)));
    asked.on('error', (cause) =>
      reject(new Error(`${method} ${path} ${JSON.stringify(headers)} ${String(body?.length)}`, { cause })),
    );
    asked.end(body);
  });
}

it(
  `answers ${cases} hostile requests with refusals of its own, and stays what it was`,
  { timeout: 60_000 + cases * 20, retry: 0 },
  async () => {
    const random = randomFrom(seed);
    const controllers = startControllers({ api: server.api });
    const statuses = new Map<number, number>();
    for (let count = 0; count < cases; count++) {
      const fuzzed = fuzzRequest(random);
      const status = await send(fuzzed);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (failures.length > 0)
        throw new Error(
          `request ${count} of seed ${seed}: ${JSON.stringify({ ...fuzzed, body: fuzzed.body?.toString() }).slice(0, 3000)}\n${failures.join('\n')}`,
        );
      expect(status).toBeGreaterThanOrEqual(200);
    }
    await controllers.close();
    // Both happened: it took what it should take, and refused the rest.
    expect(statuses.get(201)).toBeGreaterThan(cases / 300);
    expect(statuses.get(400)).toBeGreaterThan(cases / 20);
    expect(statuses.get(422)).toBeGreaterThan(cases / 100);
    expect(Object.prototype).not.toHaveProperty('polluted');
    expect(await send({ method: 'GET', path: '/readyz', headers: {}, body: undefined })).toBe(200);
  },
);
