import type { ExecutorPlace } from './control/protocol.js';
import type { Environment } from './environment.js';
import { ClusterError } from './errors.js';
import type { ProgressListener } from './progress.js';
import { kubernetesTag } from './images/tags.js';

export type RuntimeName = 'docker' | 'embedded';

/** How `createCluster` brings a cluster up. Everything has a default. */
export interface ClusterOptions {
  /** Name of the cluster, by default `local`. Context, folder and processes are called after it. */
  name?: string | undefined;
  /** `auto` (the default) takes docker where an engine answers and kmd can use it, else embedded. */
  runtime?: RuntimeName | 'auto' | undefined;
  /** Number of Mesos agents; by default `NUM_NODES`, else 2. */
  agents?: number | undefined;
  /** Compose override files, merged over the topology in this order. */
  files?: readonly string[] | undefined;
  /**
   * A folder with Kubernetes' own `kube-apiserver` and `kube-controller-manager`, or a Kubernetes tree that was built: they run in place of the embedded
   * servers, with etcd. On the docker runtime only.
   */
  kubeBinaries?: string | undefined;
  /** Longest time in milliseconds from the call to the ready cluster, by default three minutes. */
  timeout?: number | undefined;
  /** Keep what was started when a step fails, to look into it. */
  retain?: boolean | undefined;
  /** File that gets the context `kmd-NAME`; by default kubectl's own choice. `false`: none is written. */
  kubeconfig?: string | false | undefined;
  /** A port that must be free. Absent: 6443, or a free one when that is taken. 0: any free one. */
  apiPort?: number | undefined;
  /** A port that must be free. Absent: 5050, or a free one when that is taken. 0: any free one. */
  mesosPort?: number | undefined;
  /** Also serve the Kubernetes API on this port over plain HTTP, without authentication (8888 in 2015). */
  insecurePort?: number | undefined;
  /**
   * Where the embedded runtime's Kubernetes executors run: each a process of its agent, or all in the background process (`shared`), for many
   * agents. By default `KMD_EXECUTORS`, else `processes`.
   */
  executors?: ExecutorPlace | undefined;
  /** Password of user `admin`; by default `KMD_ADMIN_PASSWORD`, else `admin`. */
  adminPassword?: string | undefined;
  /** `false`: the cluster ends with this process. `true` (the default): it goes on until `down`. */
  background?: boolean | undefined;
  /** Variables of the topology and of the provider of 2015; by default this process' environment. */
  environment?: Environment | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ProgressListener | undefined;
}

/** Options with every default applied and every value checked. */
export interface ClusterSpec {
  name: string;
  runtime: RuntimeName | 'auto';
  files: readonly string[];
  kubeBinaries: string | undefined;
  timeout: number;
  retain: boolean;
  kubeconfig: string | false | undefined;
  insecurePort: number | undefined;
  adminPassword: string | undefined;
  background: boolean;
  /** Variables for the topology: the environment, with what the options set over it. */
  variables: Environment;
  /** Ports that must be had as asked: absent ones may move to a free port. */
  fixedPorts: { api: boolean; mesos: boolean };
}

const DEFAULT_TIMEOUT = 180_000;
const PROVIDER = 'mesos/docker';

/** Throws `InvalidSpec` naming the option or variable. */
export function resolveOptions(options: ClusterOptions): ClusterSpec {
  const environment = options.environment ?? process.env;
  const provider = environment['KUBERNETES_PROVIDER'];
  if (provider !== undefined && provider !== '' && provider !== PROVIDER) {
    throw new ClusterError(
      'InvalidSpec',
      `KUBERNETES_PROVIDER is ${JSON.stringify(provider)}, and kmd is the provider ${PROVIDER}: unset it, or set it to that`,
    );
  }
  const agents = options.agents ?? numberIn(environment, 'NUM_NODES');
  if (agents !== undefined && (!Number.isInteger(agents) || agents < 1 || agents > 1000)) {
    throw new ClusterError(
      'InvalidSpec',
      `${options.agents === undefined ? 'NUM_NODES' : 'the number of agents'} is ${agents}: give a whole number from 1 to 1000`,
    );
  }
  const apiPort = options.apiPort ?? numberIn(environment, 'KMD_API_PORT');
  const mesosPort = options.mesosPort ?? numberIn(environment, 'KMD_MESOS_PORT');
  const insecurePort = options.insecurePort ?? (numberIn(environment, 'KMD_INSECURE_PORT') || undefined);
  for (const [what, port] of Object.entries({
    'API server': apiPort,
    'Mesos master': mesosPort,
    insecure: insecurePort,
  })) {
    if (port !== undefined && (!Number.isInteger(port) || port < 0 || port > 65_535)) {
      throw new ClusterError(
        'InvalidSpec',
        `the ${what} port is ${port}: give a number from 0 (any free port) to 65535`,
      );
    }
  }
  const timeout = options.timeout ?? DEFAULT_TIMEOUT;
  if (!(timeout > 0)) throw new ClusterError('InvalidSpec', `the timeout is ${timeout} ms: give more than 0`);
  const runtime = options.runtime ?? 'auto';
  if (!['auto', 'docker', 'embedded'].includes(runtime)) {
    throw new ClusterError('InvalidSpec', `the runtime is ${JSON.stringify(runtime)}: take auto, docker or embedded`);
  }
  const { kubeBinaries } = options;
  if (kubeBinaries !== undefined && runtime === 'embedded') {
    throw new ClusterError(
      'InvalidSpec',
      "Kubernetes' own programs run on the docker runtime only: leave --kube-binaries out, or take --runtime docker",
    );
  }
  const name = options.name ?? 'local';
  return {
    name,
    runtime: kubeBinaries === undefined ? runtime : 'docker',
    kubeBinaries,
    files: options.files ?? [],
    timeout,
    retain: options.retain ?? false,
    kubeconfig: options.kubeconfig,
    insecurePort,
    adminPassword: checkPassword(options.adminPassword ?? (environment['KMD_ADMIN_PASSWORD'] || undefined)),
    background: options.background ?? true,
    variables: {
      ...environment,
      KMD_NAME: name,
      ...(kubeBinaries === undefined ? {} : { KMD_KM_IMAGE: kubernetesTag }),
      ...(agents === undefined ? {} : { NUM_NODES: String(agents) }),
      ...(apiPort === undefined ? {} : { KMD_API_PORT: String(apiPort) }),
      ...(mesosPort === undefined ? {} : { KMD_MESOS_PORT: String(mesosPort) }),
      ...(insecurePort === undefined ? {} : { KMD_INSECURE_PORT: String(insecurePort) }),
      ...(options.executors === undefined ? {} : { KMD_EXECUTORS: options.executors }),
    },
    fixedPorts: { api: apiPort !== undefined, mesos: mesosPort !== undefined },
  };
}

/** The basic-auth file is `password,user,uid` a line: what would break that line is refused. */
function checkPassword(password: string | undefined): string | undefined {
  if (password !== undefined && /[,"\r\n]/.test(password)) {
    throw new ClusterError(
      'InvalidSpec',
      'the admin password holds a comma, a quote or a line break, which the basic-auth file cannot: choose another',
    );
  }
  return password;
}

function numberIn(environment: Environment, variable: string): number | undefined {
  const text = environment[variable];
  if (text === undefined || text.trim() === '') return undefined;
  if (!/^\d{1,9}$/.test(text.trim())) {
    throw new ClusterError('InvalidSpec', `${variable} is ${JSON.stringify(text)}: give a whole number`);
  }
  return Number(text);
}
