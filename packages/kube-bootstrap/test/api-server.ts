import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createKubeClient, type KubeClient } from '@kmd/kube-client';

/** An API server that answers as a test says, and a client of it; `close` ends both. */
export async function serveApi(answer: RequestListener): Promise<{ readonly api: KubeClient; close(): void }> {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const api = createKubeClient({ server: `http://127.0.0.1:${address.port}` });
  return {
    api,
    close() {
      api.close();
      server.closeAllConnections();
      server.close();
    },
  };
}
