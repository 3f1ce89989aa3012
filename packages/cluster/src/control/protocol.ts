/** One line of `kmd status` about a service. */
export interface ServiceStatus {
  name: string;
  /** `builtin`: the runtime needs no process for it. */
  state: 'running' | 'builtin' | 'stopped' | 'failed';
  healthy: boolean;
  address?: string;
  /** RFC 3339 time since which it runs. */
  since?: string;
  /** Why it is not healthy, or what stands in for it. */
  detail?: string;
}

/** Answer of the background process to `GET /status`. */
export interface RuntimeStatus {
  pid: number;
  /** Resident memory of the background process in bytes. */
  memory: number;
  services: ServiceStatus[];
}

/** Messages from `up` to the background process, over the channel that it was started with. */
export type DaemonCommand =
  | { type: 'plan'; plan: EmbeddedPlan }
  | { type: 'credentials'; credentials: DaemonCredentials }
  /** The cluster is ready: go on when the channel closes. */
  | { type: 'release' };

/** Messages from the background process to `up`. */
export type DaemonEvent =
  | { type: 'service'; service: string; state: 'starting' | 'started'; address?: string; detail?: string }
  | {
      type: 'started';
      control: { port: number; token: string };
      apiServer: string;
      insecureApiServer?: string;
      mesosMaster: string;
    }
  | { type: 'failed'; service?: string; code?: string; message: string };

/** Everything the embedded runtime needs, as plain data: made of the topology, checked before any process starts. */
export interface EmbeddedPlan {
  name: string;
  logDirectory: string;
  workDirectory: string;
  /** Folder of the API server's journal. */
  journal: string;
  /** Program of the Kubernetes executor, run by Node on each agent that gets a pod. */
  executorProgram: string;
  /** Whether each executor is a process, or all are part of the background process. */
  executors: ExecutorPlace;
  /** Services in the order of their dependencies. */
  services: string[];
  mesosMaster: { host: string; port: number };
  agents: AgentPlan[];
  apiServer: {
    host: string;
    port: number;
    insecurePort?: number;
    serviceCidr: string;
    nodePortRange: string;
    dnsDomain: string;
  };
  scheduler: {
    frameworkName: string;
    roles: string[];
    defaultPodRoles: string[];
    /** What one Kubernetes executor takes on its agent: cpus, and memory in MB. */
    executorCpus: number;
    executorMem: number;
  };
}

/** Where the Kubernetes executors of the embedded runtime run. */
export type ExecutorPlace = 'processes' | 'shared';

export interface AgentPlan {
  /** Name of the service's replica, for instance `mesosslave-1`. */
  name: string;
  hostname: string;
  /** Mesos resources text, for instance `cpus:4;mem:1280`. */
  resources: string;
  /** Mesos attributes text, for instance `rack:1`. */
  attributes: string;
}

/** Paths of what `kube-bootstrap` made, read by the background process itself: secrets do not travel. */
export interface DaemonCredentials {
  directory: string;
}
