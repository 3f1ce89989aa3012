import { readFile } from 'node:fs/promises';
import type { KubeClient, KubeClientOptions } from '@kmd/kube-client';
import { ClusterError, messageOf } from '../errors.js';
import type { AttachOptions } from './options.js';

/** Where a pod finds its service account (Kubernetes documentation, "Accessing the Kubernetes API from a Pod"). */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
/** The oldest Kubernetes minor version with everything that is asked of it. */
const OLDEST = 20;

/** How the API server is reached. Throws `InvalidSpec` for a kubeconfig that does not say. */
export async function findKubernetes({
  kubeconfig: path,
  context,
  environment: env = process.env,
}: Pick<AttachOptions, 'kubeconfig' | 'context' | 'environment'>): Promise<KubeClientOptions> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443', KUBECONFIG, HOME } = env;
  if (path === undefined && context === undefined && !KUBECONFIG && host !== undefined) {
    const read = (name: string): Promise<string> => readFile(`${SERVICE_ACCOUNT}/${name}`, 'utf8');
    const [ca, token] = await Promise.all([read('ca.crt'), read('token')]).catch((cause: unknown) => {
      throw new ClusterError(
        'InvalidSpec',
        `this is a pod without a service account (${messageOf(cause)}): give it one, or name a kubeconfig`,
        { cause },
      );
    });
    return { server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`, ca, token: token.trim() };
  }
  const { readKubeContext } = await import('@kmd/kube-bootstrap');
  try {
    return (await readKubeContext({ env: { KUBECONFIG, HOME }, path, context })).client;
  } catch (cause) {
    throw new ClusterError('InvalidSpec', messageOf(cause), { cause });
  }
}

/** Throws `StartFailed` when nobody answers, the credentials are refused, or the version is too old. */
export async function checkKubernetes(
  kube: KubeClient,
  server: string,
  signal: AbortSignal,
): Promise<{ version: string }> {
  const what = `the Kubernetes API at ${server}`;
  // Nodes, not the version, which everybody may read: wrong credentials show here.
  const answers = await Promise.all([
    kube.request('GET', '/version', { signal }),
    kube.request('GET', '/api/v1/nodes?limit=1', { signal }),
  ]).catch((cause: unknown) => {
    throw new ClusterError('StartFailed', `${what} does not answer: ${messageOf(cause)}`, { cause });
  });
  const [version, nodes] = answers;
  if (nodes.status !== 200)
    throw new ClusterError(
      'StartFailed',
      `${what} refuses to list nodes (${nodes.status}): the framework needs pods, nodes, namespaces, events, config maps and leases`,
    );
  const { gitVersion, minor } = readVersion(version.body);
  if (!(minor >= OLDEST))
    throw new ClusterError('StartFailed', `${what} is ${gitVersion}: Kubernetes 1.${OLDEST} or newer is needed`);
  return { version: gitVersion };
}

function readVersion(body: string): { gitVersion: string; minor: number } {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null && 'gitVersion' in value && typeof value.gitVersion === 'string') {
      const [, major = '', minor = ''] = /^v?(\d+)\.(\d+)/.exec(value.gitVersion) ?? [];
      return { gitVersion: value.gitVersion, minor: Number(major) > 1 ? Infinity : Number(minor) };
    }
  } catch {
    // No JSON: no API server.
  }
  return { gitVersion: 'of no known version', minor: Number.NaN };
}
