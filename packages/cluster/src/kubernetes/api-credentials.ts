import { readFile } from 'node:fs/promises';
import { parseUsers } from '@kmd/kube-bootstrap';
import type { ApiServerOptions } from '@kmd/kube-embedded';

/** Where the credentials of an API server are: paths, as its flags name them. */
export interface CredentialFiles {
  certificate: string;
  key: string;
  clientCa?: string | undefined;
  tokens?: string | undefined;
  users?: string | undefined;
  serviceAccountKey?: string | undefined;
}

/** Reads what an API server identifies itself and its users by. Rejects with the file system's error for a file that cannot be read. */
export async function readApiCredentials(
  files: CredentialFiles,
): Promise<Pick<ApiServerOptions, 'tls' | 'clientCa' | 'tokens' | 'users' | 'serviceAccounts'>> {
  const read = async (path: string | undefined) => (path === undefined ? undefined : readFile(path, 'utf8'));
  const [cert, key, clientCa, tokens, users, serviceAccountKey] = await Promise.all([
    readFile(files.certificate, 'utf8'),
    readFile(files.key, 'utf8'),
    read(files.clientCa),
    read(files.tokens),
    read(files.users),
    read(files.serviceAccountKey),
  ]);
  return {
    tls: { cert, key },
    ...(clientCa === undefined ? {} : { clientCa }),
    tokens: parseUsers(tokens ?? '').map(({ secret, ...user }) => ({ token: secret, ...user })),
    users: parseUsers(users ?? '').map(({ secret, user, ...rest }) => ({ password: secret, username: user, ...rest })),
    ...(serviceAccountKey === undefined ? {} : { serviceAccounts: { key: serviceAccountKey } }),
  };
}
