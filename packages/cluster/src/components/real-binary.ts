import { accessSync, constants, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { renderKubeconfig } from '@kmd/kube-bootstrap';
import type { Environment } from '../environment.js';
import { authFolder } from './client.js';
import type { Logger } from '../embedded/log.js';

/** Kubernetes' own program for a component, where the image holds it (`kmd build km --kube-binaries`). Others are of this project alone. */
export function findBinary(component: string, environment: Environment): string | undefined {
  if (!['apiserver', 'controller-manager'].includes(component)) return undefined;
  const path = join(environment['KM_KUBE_BINARIES'] || '/opt/kubernetes', `kube-${component}`);
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch {
    return undefined;
  }
}

/** Admission plugins of 2015 that Kubernetes still has; the others are left to its defaults. */
const admission = ['NamespaceLifecycle', 'LimitRanger', 'ServiceAccount', 'DefaultStorageClass', 'ResourceQuota'];

/**
 * The flags of today's Kubernetes for those of the topology, which are of 2015. What is gone since (plain HTTP, passwords) is left out, and what
 * is asked for since (issuer and signing key of service-account tokens, a kubeconfig) is added.
 */
export function translateFlags(
  component: string,
  flags: ReadonlyMap<string, string>,
  files: { kubeconfig: string },
): { arguments: string[]; dropped: string[] } {
  const renamed = new Map<string, string>();
  const dropped: string[] = [];
  const drop = component === 'apiserver' ? ['insecure-port', 'basic-auth-file'] : ['master', 'address', 'port'];
  for (const [flag, value] of flags) {
    if (drop.includes(flag)) dropped.push(flag);
    else if (flag === 'admission-control') {
      const known = value.split(',').filter((plugin) => admission.includes(plugin));
      renamed.set('enable-admission-plugins', known.join(','));
    } else if (flag === 'service-account-key-file') {
      // Today's server takes a public key here, and the private one for signing.
      renamed.set(flag, value.replace(/\.key$/, '.pub'));
      renamed.set('service-account-signing-key-file', value);
    } else renamed.set(flag, value);
  }
  const add = (flag: string, value: string) => {
    if (!renamed.has(flag)) renamed.set(flag, value);
  };
  if (component === 'apiserver') {
    add('service-account-issuer', 'https://kubernetes.default.svc');
  } else {
    add('kubeconfig', files.kubeconfig);
    add('use-service-account-credentials', 'false');
  }
  return { arguments: [...renamed].map(([flag, value]) => `--${flag}=${value}`), dropped };
}

/** Takes this process's place. Returns only when that fails: with the exit code. */
export function runBinary(path: string, component: string, flags: ReadonlyMap<string, string>, logger: Logger): number {
  const kubeconfig = join(tmpdir(), `kube-${component}.kubeconfig`);
  const { arguments: words, dropped } = translateFlags(component, flags, { kubeconfig });
  if (dropped.length > 0) logger.warn(`${path} has no ${dropped.map((flag) => `--${flag}`).join(', ')}: left out`);
  try {
    if (component !== 'apiserver') writeFileSync(kubeconfig, kubeconfigOf(flags), { mode: 0o600 });
    if (process.execve === undefined) throw new Error(`Node ${process.version} cannot hand over: take 22.15 or newer`);
    process.execve(path, [path, ...words], process.env);
  } catch (error) {
    logger.error({ error }, `${path} cannot be run`);
  }
  return 1;
}

function kubeconfigOf(flags: ReadonlyMap<string, string>): string {
  const caFile = flags.get('root-ca-file') ?? join(authFolder, 'root-ca.crt');
  return renderKubeconfig({
    context: 'km',
    cluster: { server: flags.get('master') ?? 'https://apiserver:6443', caData: readFileSync(caFile, 'utf8') },
    user: { token: readFileSync(join(dirname(caFile), 'token-users'), 'utf8').split(',', 1)[0] ?? '' },
  });
}
