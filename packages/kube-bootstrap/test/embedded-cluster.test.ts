import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKubeClient, type KubeClient } from '@kmd/kube-client';
import { startApiServer, startControllers, type ApiServer, type Controllers } from '@kmd/kube-embedded';
import { afterAll, beforeAll, describe } from 'vitest';
import { ensureCredentials } from '../src/index.js';
import { testOnCluster } from './cluster-suite.js';

describe('the embedded API server with its controllers', () => {
  let dir: string;
  let server: ApiServer;
  let controllers: Controllers;
  let api: KubeClient;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'kmd-embedded-'));
    const serviceCidr = '10.10.10.0/24';
    const { apiserver, ca, token, tokens } = await ensureCredentials({ dir, serviceCidr, dnsDomain: 'cluster.local' });
    server = await startApiServer({ host: '127.0.0.1', port: 0, tls: apiserver, tokens, serviceCidr });
    controllers = startControllers({ api: server.api });
    api = createKubeClient({ server: server.url, ca: ca.cert, token });
  });
  afterAll(async () => {
    api.close();
    await controllers.close();
    await server.close();
    await rm(dir, { recursive: true, force: true });
  });
  testOnCluster(() => api);
});
