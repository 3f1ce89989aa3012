import { dirname, resolve } from 'node:path';
import type { KubeClientOptions } from '@kmd/kube-client';
import { parseKubeconfig, type KubeconfigDocument, type Part } from './document.js';
import { KubeconfigError } from './errors.js';
import { readKubeconfig } from './file.js';
import { kubeconfigPaths, type KubeconfigLocation } from './paths.js';

export interface KubeClientLocation extends KubeconfigLocation {
  /** Default: the current context. */
  context?: string | undefined;
}

/** What a context of a kubeconfig says to a client. */
export interface KubeContext {
  /** Its name. */
  context: string;
  /** Default namespace. */
  namespace: string;
  /** For `createKubeClient`. Files that it names have been read. */
  client: Pick<
    KubeClientOptions,
    'server' | 'ca' | 'token' | 'basic' | 'cert' | 'key' | 'tlsServerName' | 'insecureSkipTlsVerify'
  >;
}

/**
 * How a context of the user's kubeconfig reaches its API server, by kubectl's rules: of several files the first that has an entry counts,
 * paths are relative to the file that names them, `…-data` fields win over files, a token over a token file. Credentials that a program or an
 * auth provider makes are refused. Throws `KubeconfigError`.
 */
export async function readKubeContext(location: KubeClientLocation): Promise<KubeContext> {
  const paths = kubeconfigPaths(location);
  const documents: KubeconfigDocument[] = [];
  for (const path of paths) {
    const text = await readKubeconfig(path);
    if (text !== undefined) documents.push(await parseKubeconfig(path, text));
  }
  if (documents.length === 0)
    throw new KubeconfigError(
      'KUBECONFIG_UNREADABLE',
      `there is no kubeconfig at ${paths.join(' or ')}: name one that exists`,
      { ...(paths[0] === undefined ? {} : { path: paths[0] }) },
    );
  const name = location.context ?? documents.find((one) => one.currentContext !== undefined)?.currentContext;
  if (name === undefined)
    throw invalid(documents, `no context is current: name one (${contextNames(documents) || 'there is none'})`);
  const context = entry(documents, 'context', name);
  if (context === undefined)
    throw invalid(documents, `there is no context "${name}" (${contextNames(documents) || 'there is none'})`);
  const cluster = entry(documents, 'cluster', text(context, 'cluster') ?? '');
  const server = cluster && text(cluster, 'server');
  if (cluster === undefined || server === undefined)
    throw invalid(documents, `context "${name}" names no cluster that has a server`);
  const userName = text(context, 'user');
  const user = userName === undefined ? undefined : entry(documents, 'user', userName);
  if (userName !== undefined && user === undefined)
    throw invalid(documents, `context "${name}" names the user "${userName}", and there is none`);
  for (const provider of ['exec', 'auth-provider'])
    if (user?.fields[provider] !== undefined)
      throw invalid(
        documents,
        `user "${userName ?? ''}" gets credentials from "${provider}", which is not supported: give it a token, a client certificate or a password`,
      );
  const username = user && text(user, 'username');
  const token = user && (text(user, 'token') ?? (await fileOf(user, 'tokenFile'))?.trim());
  return {
    context: name,
    namespace: text(context, 'namespace') ?? 'default',
    client: {
      server,
      ...present('ca', await pem(cluster, 'certificate-authority')),
      ...present('tlsServerName', text(cluster, 'tls-server-name')),
      ...(cluster.fields['insecure-skip-tls-verify'] === true ? { insecureSkipTlsVerify: true } : {}),
      ...present('cert', user && (await pem(user, 'client-certificate'))),
      ...present('key', user && (await pem(user, 'client-key'))),
      ...present('token', token),
      ...(username === undefined ? {} : { basic: { username, password: (user && text(user, 'password')) ?? '' } }),
    },
  };
}

interface Entry {
  fields: Readonly<Record<string, unknown>>;
  /** The file it stands in. */
  path: string;
}

function entry(documents: readonly KubeconfigDocument[], part: Part, name: string): Entry | undefined {
  for (const document of documents) {
    const fields = document.get(part, name);
    if (fields !== undefined) return { fields, path: document.path };
  }
  return undefined;
}

const contextNames = (documents: readonly KubeconfigDocument[]): string =>
  [...new Set(documents.flatMap((one) => one.names('context')))].join(', ');

function invalid([first]: readonly KubeconfigDocument[], message: string): KubeconfigError {
  const path = first?.path ?? '';
  return new KubeconfigError('KUBECONFIG_INVALID', `${path}: ${message}`, { path });
}

/** A field that is text and not empty. */
function text({ fields, path }: Entry, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw new KubeconfigError(
    'KUBECONFIG_INVALID',
    `${path}: "${name}" is no text; correct the file, or choose another`,
    {
      path,
    },
  );
}

async function fileOf(entry: Entry, name: string): Promise<string | undefined> {
  const named = text(entry, name);
  if (named === undefined) return undefined;
  const path = resolve(dirname(entry.path), named);
  const content = await readKubeconfig(path);
  if (content !== undefined) return content;
  throw new KubeconfigError('KUBECONFIG_UNREADABLE', `${entry.path}: "${name}" names ${path}, which is not there`, {
    path: entry.path,
  });
}

async function pem(entry: Entry, name: string): Promise<string | undefined> {
  const data = text(entry, `${name}-data`);
  return data === undefined ? fileOf(entry, name) : Buffer.from(data, 'base64').toString('utf8');
}

const present = <K extends string>(name: K, value: string | undefined): Partial<Record<K, string>> =>
  value === undefined ? {} : ({ [name]: value } as Record<K, string>);
