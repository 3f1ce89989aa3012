/** One cluster with its user, as a context: cluster, user and context carry the same name. */
export interface KubeconfigEntry {
  context: string;
  cluster: {
    /** `https://127.0.0.1:6443` */
    server: string;
    /** Authority of the server's certificate: PEM, or PEM in base64. */
    caData?: string | undefined;
  };
  user: {
    token?: string | undefined;
    /** PEM, or PEM in base64. */
    certData?: string | undefined;
    keyData?: string | undefined;
    username?: string | undefined;
    password?: string | undefined;
  };
}

export type Fields = Record<string, string>;

const present = (fields: Record<string, string | undefined>): Fields =>
  Object.fromEntries(Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined));

const base64 = (data: string | undefined): string | undefined =>
  data?.startsWith('-----BEGIN') ? Buffer.from(data).toString('base64') : data;

/** The entry's fields by kubeconfig's names. */
export function fieldsOf({ context, cluster, user }: KubeconfigEntry): {
  cluster: Fields;
  context: Fields;
  user: Fields;
} {
  return {
    cluster: present({ server: cluster.server, 'certificate-authority-data': base64(cluster.caData) }),
    context: { cluster: context, user: context },
    user: present({
      token: user.token,
      'client-certificate-data': base64(user.certData),
      'client-key-data': base64(user.keyData),
      username: user.username,
      password: user.password,
    }),
  };
}

/** Fields that would contradict the new ones, when an entry of this name is there already. */
export const replaced = {
  cluster: [
    'server',
    'certificate-authority',
    'certificate-authority-data',
    'insecure-skip-tls-verify',
    'tls-server-name',
  ],
  context: ['cluster', 'user'],
  user: [
    'token',
    'tokenFile',
    'client-certificate',
    'client-certificate-data',
    'client-key',
    'client-key-data',
    'username',
    'password',
    'auth-provider',
    'exec',
  ],
} as const;

/** A kubeconfig file with this cluster alone. */
export function renderKubeconfig(entry: KubeconfigEntry): string {
  const { cluster, context, user } = fieldsOf(entry);
  // JSON strings are YAML strings, and a token of digits stays one.
  const map = (fields: Fields): string =>
    Object.keys(fields).length === 0
      ? ' {}\n'
      : `\n${Object.entries(fields)
          .map(([key, value]) => `      ${key}: ${JSON.stringify(value)}\n`)
          .join('')}`;
  const name = JSON.stringify(entry.context);
  return `apiVersion: v1
kind: Config
clusters:
  - name: ${name}
    cluster:${map(cluster)}contexts:
  - name: ${name}
    context:${map(context)}current-context: ${name}
users:
  - name: ${name}
    user:${map(user)}`;
}
