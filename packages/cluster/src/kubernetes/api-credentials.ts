import { readFile } from 'node:fs/promises';
import { parseUsers } from '@kmd/kube-bootstrap';
import type { ApiServerOptions } from '@kmd/kube-embedded';

interface PairFiles {
  certificate: string;
  key: string;
}

/** Where the credentials of an API server are: paths, as its flags name them. */
export interface CredentialFiles extends PairFiles {
  clientCa?: string | undefined;
  /** Certificate and key that it shows kubelets. */
  kubeletClient?: PairFiles | undefined;
  tokens?: string | undefined;
  users?: string | undefined;
  serviceAccountKey?: string | undefined;
}

/** Reads what an API server identifies itself and its users by. Rejects with the file system's error for a file that cannot be read. */
export async function readApiCredentials(
  files: CredentialFiles,
): Promise<Pick<ApiServerOptions, 'tls' | 'clientCa' | 'kubeletClient' | 'tokens' | 'users' | 'serviceAccounts'>> {
  const read = async (path: string | undefined) => (path === undefined ? undefined : readFile(path, 'utf8'));
  const readPair = async ({ certificate, key }: PairFiles) => ({
    cert: await readFile(certificate, 'utf8'),
    key: await readFile(key, 'utf8'),
  });
  const [tls, clientCa, kubeletClient, tokens, users, serviceAccountKey] = await Promise.all([
    readPair(files),
    read(files.clientCa),
    files.kubeletClient && readPair(files.kubeletClient),
    read(files.tokens),
    read(files.users),
    read(files.serviceAccountKey),
  ]);
  return {
    tls,
    ...(clientCa === undefined ? {} : { clientCa }),
    ...(kubeletClient && { kubeletClient }),
    tokens: parseUsers(tokens ?? '').map(({ secret, ...user }) => ({ token: secret, ...user })),
    users: parseUsers(users ?? '').map(({ secret, user, ...rest }) => ({ password: secret, username: user, ...rest })),
    ...(serviceAccountKey === undefined ? {} : { serviceAccounts: { key: serviceAccountKey } }),
  };
}
