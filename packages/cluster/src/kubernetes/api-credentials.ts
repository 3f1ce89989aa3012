import { readFile } from 'node:fs/promises';
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
    tokens: parseUsers(tokens ?? '').map(({ secret, ...user }) => ({
      token: secret,
      user: user.name,
      uid: user.uid,
      groups: user.groups,
    })),
    users: parseUsers(users ?? '').map(({ secret, name, uid, groups }) => ({
      password: secret,
      username: name,
      uid,
      groups,
    })),
    ...(serviceAccountKey === undefined ? {} : { serviceAccounts: { key: serviceAccountKey } }),
  };
}

/** Lines of token and basic-auth files: `secret,name,uid[,"group,group"]`, as kube-apiserver reads them. */
function parseUsers(text: string): { secret: string; name: string; uid: string; groups: string[] }[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [secret = '', name = '', uid = '', ...groups] = line.trim().split(',');
      return {
        secret,
        name,
        uid,
        groups: groups.map((group) => group.replaceAll('"', '')).filter((group) => group !== ''),
      };
    });
}
