import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { KubeClientOptions } from '@kmd/kube-client';
import type { FrameworkOptions } from '@kmd/km';
import type { TlsOptions } from '@kmd/mesos-client';
import { ClusterError, messageOf } from '../errors.js';
import { locatePrograms } from '../up/programs.js';
import { checkKubernetes, findKubernetes } from './kubernetes.js';
import { connectMesos } from './mesos.js';
import type { AttachOptions } from './options.js';

/**
 * Runs the Kubernetes-Mesos framework on any Mesos (1.9 or newer) and any Kubernetes (1.20 or newer) until `signal` aborts; tasks go on
 * without it. Looks at both first, and throws `ClusterError` for what cannot work: `InvalidSpec` for an option, `StartFailed` for a server
 * that does not answer or is too old.
 */
export async function attachFramework(options: AttachOptions): Promise<void> {
  const { signal = new AbortController().signal, listen = { host: '127.0.0.1', port: 10251 } } = options;
  const advertise = advertised(options, listen);
  const credentials = await readMesosCredentials(options);
  const found = await findKubernetes(options);
  const { command, files } = await describeExecutor(options, found, advertise);
  const mesos = await connectMesos(options.mesosMaster, { ...credentials, logger: options.logger, signal });
  try {
    const [{ createKubeClient }, { runFramework }] = await Promise.all([import('@kmd/kube-client'), import('@kmd/km')]);
    const kube = createKubeClient({ ...found, userAgent: 'kmd-framework' });
    try {
      const { version } = await checkKubernetes(kube, found.server, signal);
      options.onFound?.({
        mesos: { address: options.mesosMaster, version: mesos.version },
        kubernetes: { address: found.server, version },
        warnings: doubts(options, mesos.agents, found.server, advertise),
      });
      await runFramework(
        {
          mesosMaster: mesos.master,
          mesosTls: credentials.tls,
          credentials: credentials.credentials,
          kube,
          executor: { command },
          frameworkName: options.frameworkName,
          roles: options.roles,
          principal: options.principal,
          user: options.user,
          schedulerName: options.schedulerName,
          placing: options.placing,
          listen: { ...listen, files },
          webuiUrl: advertise,
          logger: options.logger,
          onState: options.onState,
          ...(options.election === false ? { election: false } : {}),
        },
        signal,
      );
    } finally {
      kube.close();
    }
  } catch (error) {
    if (signal.aborted) return;
    throw error;
  } finally {
    await mesos.close();
  }
}

async function readMesosCredentials({
  principal,
  secretFile,
  mesosCaFile,
}: AttachOptions): Promise<{ credentials: FrameworkOptions['credentials']; tls: TlsOptions | undefined }> {
  if (secretFile !== undefined && principal === undefined)
    throw new ClusterError('InvalidSpec', 'a secret without a principal: name whose it is (--principal)');
  const secret = secretFile === undefined ? undefined : (await readOption(secretFile, 'secret')).trimEnd();
  return {
    credentials: principal === undefined || secret === undefined ? undefined : { principal, secret },
    tls: mesosCaFile === undefined ? undefined : { ca: await readOption(mesosCaFile, 'certificate authority') },
  };
}

async function readOption(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new ClusterError('InvalidSpec', `the ${what} ${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
}

/**
 * The executor's program by the name under which it is served. That has a checksum of its content, so that another version is another
 * executor, and replaces the old ones agent by agent.
 */
async function executorFile(): Promise<Record<string, string>> {
  const { executor } = locatePrograms();
  const checksum = createHash('sha256')
    .update(await readFile(executor))
    .digest('hex');
  return { [`km-executor-${checksum.slice(0, 12)}.mjs`]: executor };
}

/** The executor is one file, which agents fetch into its sandbox. */
async function describeExecutor(
  options: AttachOptions,
  client: KubeClientOptions,
  advertise: string,
): Promise<{ command: FrameworkOptions['executor']['command']; files: Record<string, string> }> {
  const variables = executorVariables(options, client);
  const files = options.executorUri === undefined ? await executorFile() : {};
  const uri = options.executorUri ?? `${advertise}/static/${Object.keys(files)[0] ?? ''}`;
  const program =
    uri
      .replace(/[?#].*$/, '')
      .split('/')
      .at(-1) ?? '';
  if (program === '')
    throw new ClusterError('InvalidSpec', `"${uri}" names no file: give the address of the executor's program`);
  return {
    command: {
      shell: true,
      value: `exec ${quote(options.executorNode ?? 'node')} ${quote(`./${program}`)}`,
      uris: [{ value: uri, extract: false, cache: false }],
      environment: { variables },
    },
    files,
  };
}

const quote = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

function executorVariables(options: AttachOptions, client: KubeClientOptions) {
  const { executorCaFile, executorTokenFile, shareCredentials } = options;
  const server = options.executorApiServer ?? client.server;
  if (shareCredentials && (executorCaFile !== undefined || executorTokenFile !== undefined))
    throw new ClusterError(
      'InvalidSpec',
      "the kubeconfig's credentials or those on the agents, not both: leave one of the two out",
    );
  const { ca, token, basic, cert, key, tlsServerName, insecureSkipTlsVerify } = client;
  const known = { ca, token, basic, cert, key, tlsServerName, insecureSkipTlsVerify };
  const needsSome = server.startsWith('https:');
  if (needsSome && !shareCredentials && executorTokenFile === undefined)
    throw new ClusterError(
      'InvalidSpec',
      `executors need credentials for ${server}: name files on the agents (--executor-token-file, --executor-ca-file), or share those of the kubeconfig with everybody who can read the state of Mesos (--share-credentials)`,
    );
  const values = {
    KM_API_SERVER: server,
    KM_API_CA: executorCaFile,
    KM_API_TOKEN_FILE: executorTokenFile,
    KM_API_CREDENTIALS: needsSome && shareCredentials ? JSON.stringify(known) : undefined,
  };
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, type: 'VALUE' as const, value }],
  );
}

function advertised({ advertise, executorUri }: AttachOptions, { host, port }: { host: string; port: number }): string {
  if (advertise === undefined && executorUri === undefined && (port === 0 || isEverywhere(host)))
    throw new ClusterError(
      'InvalidSpec',
      `agents are told where to fetch the executor before anything listens, and ${host}:${port} is no such address: name one with a port (--listen), or what agents reach instead (--advertise, --executor-uri)`,
    );
  if (advertise === undefined) return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (!URL.canParse(advertise) || !/^https?:$/.test(new URL(advertise).protocol))
    throw new ClusterError('InvalidSpec', `"${advertise}" is no address for agents: give http://host:port`);
  return advertise.replace(/\/+$/, '');
}

/** What cannot work when agents are other machines. */
function doubts(options: AttachOptions, agents: readonly string[], server: string, advertise: string): string[] {
  const remote = agents.find((host) => !isLoopback(host));
  if (remote === undefined) return [];
  const found: string[] = [];
  if (options.executorUri === undefined && isLoopback(new URL(advertise).hostname))
    found.push(
      `agents such as ${remote} fetch the executor from ${advertise}, which is this machine to each of them: use --listen and --advertise`,
    );
  const api = options.executorApiServer ?? server;
  if (isLoopback(new URL(api).hostname))
    found.push(
      `executors on agents such as ${remote} look for the API server at ${api}: name one that they reach (--executor-api-server)`,
    );
  return found;
}

const isEverywhere = (host: string): boolean => /^(0\.0\.0\.0|\[?::\]?)$/.test(host);
const isLoopback = (host: string): boolean => /^(localhost|127(\.\d+){3}|\[?::1\]?)$/i.test(host);
