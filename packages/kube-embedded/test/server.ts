import { readFileSync } from 'node:fs';
import { type ApiServer, type ApiServerOptions, startApiServer } from '../src/index.js';

/** A file of the test-only key pairs. */
export const pem = (name: string): string => readFileSync(new URL(`../testdata/${name}`, import.meta.url), 'utf8');

export const certificate = pem('server.crt');
export const token = 'test-token';

/** A server on free ports, with one token and one password, as kmd sets one up. */
export const start = (options: Partial<ApiServerOptions> = {}): Promise<ApiServer> =>
  startApiServer({
    port: 0,
    tls: { cert: certificate, key: pem('server.key') },
    tokens: [{ token, user: 'cluster-admin', uid: 'cluster-admin', groups: ['system:masters'] }],
    users: [{ username: 'admin', password: 'admin', uid: 'admin' }],
    ...options,
  });
