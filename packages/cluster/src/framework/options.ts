import type { FrameworkState, SchedulerOptions } from '@kmd/km';
import type { Environment } from '../environment.js';

/** How `attachFramework` runs the framework on a Mesos and a Kubernetes that others run. */
export interface AttachOptions {
  /** `http(s)://host:port`, several of them with commas between, or `zk://[user:password@]host:port,…/path`. */
  mesosMaster: string;
  /** Default: kubectl's own choice (`KUBECONFIG`, `~/.kube/config`); in a pod without either, its service account. */
  kubeconfig?: string | undefined;
  /** Default: the current context. */
  context?: string | undefined;
  /** Name in Mesos; instances of one name stand in for each other. Default `Kubernetes`. */
  frameworkName?: string | undefined;
  /** Default `*`. */
  roles?: readonly string[] | undefined;
  principal?: string | undefined;
  /** File with the principal's secret, on this machine. */
  secretFile?: string | undefined;
  /** File with the authority of the masters' certificates, PEM, on this machine. */
  mesosCaFile?: string | undefined;
  /** User as whom agents run executors. Default `root`. */
  user?: string | undefined;
  /** Pods of this scheduler name are taken. Default `default-scheduler`. */
  schedulerName?: string | undefined;
  placing?: 'spread' | 'pack' | undefined;
  /** Address and port of `/healthz`, `/metrics` and of the executor's program. Default `127.0.0.1:10251`. */
  listen?: { host: string; port: number } | undefined;
  /** `http://host:port` under which agents reach `listen`. Default: its address. */
  advertise?: string | undefined;
  /** Where agents fetch the executor's program instead; instances on several machines need one address that all name. */
  executorUri?: string | undefined;
  /** Node.js (22.19 or newer) on the agents: a path, or a name on their PATH. Default `node`. */
  executorNode?: string | undefined;
  /** Address of the API server as agents reach it. Default: the kubeconfig's. */
  executorApiServer?: string | undefined;
  /** File with the API server's authority, PEM, on each agent. */
  executorCaFile?: string | undefined;
  /** File with the executors' bearer token, on each agent. */
  executorTokenFile?: string | undefined;
  /**
   * Give executors the credentials of the kubeconfig, in their environment. Whoever can read the state of Mesos can read them: meant for
   * clusters that are one's own.
   */
  shareCredentials?: boolean | undefined;
  /** Only one instance will ever run: do without the Lease. */
  election?: boolean | undefined;
  environment?: Environment | undefined;
  logger?: SchedulerOptions['logger'];
  signal?: AbortSignal | undefined;
  /** Told once who was found, before the framework begins. */
  onFound?: ((found: Found) => void) | undefined;
  onState?: ((state: FrameworkState) => void) | undefined;
}

/** Who answered at the two addresses. */
export interface Found {
  mesos: { address: string; version: string };
  kubernetes: { address: string; version: string };
  /** What will probably not work, one sentence each. */
  warnings: readonly string[];
}
