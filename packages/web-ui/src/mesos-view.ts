/* What the server tells the page of Mesos: small, so that ten thousand tasks are a few megabytes. Times are milliseconds since 1970. */

/** How much of each resource. */
export interface Amounts {
  cpus: number;
  /** Megabytes. */
  mem: number;
  /** Megabytes. */
  disk: number;
  gpus: number;
  /** How many ports, and which: `31000-31099, 31200`. */
  ports: number;
  portRanges: string;
}

export interface AgentView {
  id: string;
  hostname: string;
  /** `host:port` */
  address: string;
  active: boolean;
  attributes: Record<string, string>;
  since: number | undefined;
  total: Amounts;
  allocated: Amounts;
  offered: Amounts;
}

export interface StatusView {
  state: string;
  /** The task has ended with it. */
  over: boolean;
  time: number | undefined;
  source: string | undefined;
  reason: string | undefined;
  message: string | undefined;
}

export interface TaskView {
  id: string;
  name: string;
  framework: string;
  agent: string;
  executor: string;
  state: string;
  /** It has ended. */
  over: boolean;
  /** In the order in which they came. */
  statuses: StatusView[];
  resources: Amounts;
  role: string;
}

export interface OfferView {
  id: string;
  framework: string;
  agent: string;
  role: string;
  resources: Amounts;
}

export interface FrameworkView {
  id: string;
  name: string;
  roles: string[];
  user: string;
  principal: string;
  active: boolean;
  connected: boolean;
  since: number | undefined;
  allocated: Amounts;
  offered: Amounts;
  offers: OfferView[];
}

export interface ExecutorView {
  id: string;
  name: string;
  framework: string;
  agent: string;
  resources: Amounts;
}

export interface RoleView {
  name: string;
  weight: number;
  frameworks: string[];
  allocated: Amounts;
}

/** A line of the stream. Lists replace what there was, except where they say that they change it. */
export type MesosUpdate =
  | {
      type: 'state';
      version: string;
      agents: AgentView[];
      frameworks: FrameworkView[];
      executors: ExecutorView[];
      roles: RoleView[];
      tasks: TaskView[];
    }
  /** Tasks that are new or have changed, and ended ones that are told no longer (by `keyOfTask`); those not named stay. */
  | { type: 'tasks'; changed: TaskView[]; removed: string[] }
  /** Agents that are new or have changed; those not named stay. */
  | { type: 'agents'; changed: AgentView[]; removed: string[] }
  | { type: 'frameworks'; frameworks: FrameworkView[]; executors: ExecutorView[]; roles: RoleView[] }
  /** Nothing has changed; the master is there. */
  | { type: 'heartbeat' }
  /** The master cannot be reached; the stream goes on when it can. */
  | { type: 'lost'; error: string };

/** Task ids are a framework's own: two may have the same. */
export const keyOfTask = ({ framework, id }: Pick<TaskView, 'framework' | 'id'>): string => `${framework} ${id}`;
