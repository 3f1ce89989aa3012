import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKubeClient, type KubeClient } from '@kmd/kube-client';
import { startApiServer, startControllers, type ApiServer } from '@kmd/kube-embedded';
import { ensureCredentials, type Credentials } from '../src/index.js';

/** The embedded API server with its controllers, by credentials made for it, and its administrator's client. */
export interface EmbeddedServer {
  readonly folder: string;
  readonly credentials: Credentials;
  readonly server: ApiServer;
  readonly api: KubeClient;
  close(): Promise<void>;
}

export async function startEmbeddedServer(): Promise<EmbeddedServer> {
  const folder = await mkdtemp(join(tmpdir(), 'kmd-embedded-'));
  const serviceCidr = '10.10.10.0/24';
  const credentials = await ensureCredentials({ dir: folder, serviceCidr, dnsDomain: 'cluster.local' });
  const { apiserver, ca, tokens, users, token } = credentials;
  const server = await startApiServer({
    host: '127.0.0.1',
    port: 0,
    tls: { cert: apiserver.cert, key: apiserver.key },
    clientCa: ca.cert,
    tokens,
    users,
    serviceCidr,
  });
  const controllers = startControllers({ api: server.api });
  const api = createKubeClient({ server: server.url, ca: ca.cert, token });
  return {
    folder,
    credentials,
    server,
    api,
    async close() {
      api.close();
      await controllers.close();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
