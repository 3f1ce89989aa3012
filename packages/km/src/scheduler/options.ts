import type { KubeApi, Logger, Pod } from '@kmd/kube-client';
import type { CommandInfo, SchedulerClientOptions } from '@kmd/mesos-client';
import type { ContainerDefaults } from '../pod/demand.js';
import type { PortStrategy } from '../pod/ports.js';
import type { Placing } from './placer.js';
import type { ListenOptions } from './status-server.js';

/** What the framework needs, and what of it can be set. Times are milliseconds unless said otherwise. */
export interface SchedulerOptions {
  /** `http://host:port` of the Mesos master, or of several of which one leads, or who knows it (`@kmd/mesos-client/zookeeper`). */
  readonly mesosMaster: SchedulerClientOptions['master'];
  /** For a master behind TLS. */
  readonly mesosTls?: SchedulerClientOptions['tls'];
  readonly kube: KubeApi;
  readonly executor: {
    /** How an agent starts the executor; equal commands share executors, a changed one makes others. */
    readonly command: CommandInfo;
    /** Cores of the executor itself; default 0.25. */
    readonly cpus?: number | undefined;
    /** Megabytes of the executor itself; default 128. */
    readonly mem?: number | undefined;
  };
  /** Pods that run on every agent which has an executor, beside it; each appears as mirror pod `<name>-<node>`. */
  readonly staticPods?: readonly Pod[] | undefined;
  /** Mesos roles: `*`, one other, or both. Default `*`. */
  readonly roles?: readonly string[] | undefined;
  /** Roles of pods without the annotation `k8s.mesosphere.io/roles`; default all. */
  readonly defaultPodRoles?: readonly string[] | undefined;
  /** Default `Kubernetes`. */
  readonly frameworkName?: string | undefined;
  /** Where the framework's id outlives this process. */
  readonly frameworkStore?: SchedulerClientOptions['frameworkStore'];
  readonly credentials?: SchedulerClientOptions['credentials'];
  /** Seconds for which tasks survive a scheduler that is away; default 0: they end with it. */
  readonly failoverTimeout?: number | undefined;
  /** Executors survive a restart of their agent. Default false: they end with it, and leave no orphans. */
  readonly checkpoint?: boolean | undefined;
  /** User as whom agents run executors; default `root`. */
  readonly user?: string | undefined;
  readonly principal?: string | undefined;
  readonly hostname?: string | undefined;
  readonly webuiUrl?: string | undefined;
  /** Pods of this scheduler name are taken; default `default-scheduler`. */
  readonly schedulerName?: string | undefined;
  /** What containers without limits count as; default 0.25 cpu and 64 MB. */
  readonly containerDefaults?: ContainerDefaults | undefined;
  /** What pods without the label `k8s.mesosphere.io/portMapping` do with ports without a host port; default `wildcard`. */
  readonly portStrategy?: PortStrategy | undefined;
  /** Whether pods are spread over agents or packed on few; default `spread`. */
  readonly placing?: Placing | undefined;
  /** Answer HTTP: health, metrics, lists for debugging. Default: not at all. */
  readonly listen?: ListenOptions | undefined;
  /** How long an offer is kept for pods to come, and up to a fifth longer; default 5 s. */
  readonly offerTtl?: number | undefined;
  /** Tell the master to offer nothing while no pod waits. New agents then become nodes only when the next pod waits. Default false. */
  readonly suppressWhenIdle?: boolean | undefined;
  /** Bounds of a waiting pod's back-off; default 1 s and 60 s. */
  readonly initialPodBackoff?: number | undefined;
  readonly maxPodBackoff?: number | undefined;
  /** Between implicit reconciliations; default 300 s. */
  readonly reconcileInterval?: number | undefined;
  /** The node of a lost agent is deleted when it has not come back for so long; default 60 s, 0 keeps it. */
  readonly lostNodeGrace?: number | undefined;
  /** Replace executors of another version agent by agent, moving their pods; default true. Otherwise such agents take no pods. */
  readonly rollExecutors?: boolean | undefined;
  readonly logger?: Logger | undefined;
  /** Uniform in [0, 1). */
  readonly random?: (() => number) | undefined;
  /** Told of what ends the framework after it has started: another instance took over, or it was removed. */
  readonly onFailure?: ((error: Error) => void) | undefined;
  /** Gives up while starting. */
  readonly signal?: AbortSignal | undefined;
}
