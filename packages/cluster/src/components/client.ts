import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createKubeClient, type KubeClient } from '@kmd/kube-client';
import { awaitAnswer } from '../answers.js';

/** Where the API server's authority and the administrator's token are by default: the folder that the topology mounts. */
export const authFolder = '/var/run/kubernetes/auth';

/** A client for a component of its own process; resolves when the API server answers, for however long that takes. */
export async function connectToApiServer(options: {
  server: string;
  ca?: string | undefined;
  userAgent: string;
  signal: AbortSignal;
}): Promise<KubeClient> {
  const { server, userAgent, signal } = options;
  const caFile = options.ca ?? join(authFolder, 'root-ca.crt');
  const [ca, tokens] = await Promise.all([
    readFile(caFile, 'utf8'),
    readFile(join(dirname(caFile), 'token-users'), 'utf8'),
  ]);
  const kube = createKubeClient({ server, ca, token: tokens.split(',', 1)[0] ?? '', userAgent });
  await awaitAnswer(
    async () => {
      const { status } = await kube.request('GET', '/healthz', { signal });
      return status === 200 ? undefined : `${server} answers ${status}`;
    },
    { signal },
  );
  return kube;
}
