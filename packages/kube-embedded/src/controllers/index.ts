import {
  createEventRecorder,
  events,
  pods,
  silentLogger,
  systemClock,
  type Clock,
  type EventRecorder,
  type KubeApi,
  type Logger,
  type Resource,
} from '@kmd/kube-client';
import { kinds as served } from '../kinds/table.js';
import type { SigningAuthority } from '../certificates/sign.js';
import { createCertificateControllers } from './certificates/controller.js';
import { createClusterRoleAggregationController } from './cluster-role-aggregation/controller.js';
import type { ControllerContext } from './controller.js';
import { createCronJobController } from './cron-job/controller.js';
import { createCustomResourceController } from './custom-resources/controller.js';
import { createDaemonSetController } from './daemon-set/controller.js';
import { createDeploymentController } from './deployment/controller.js';
import { createDisruptionController } from './disruption/controller.js';
import { createEndpointsControllers } from './endpoints/controller.js';
import { createMirroringController } from './endpoints/mirroring.js';
import { createGarbageCollector } from './garbage-collector/controller.js';
import { Index, Informers, OwnerIndex } from './informers.js';
import { createJobController } from './job/controller.js';
import { createNamespaceController } from './namespace/controller.js';
import { createNodeLifecycleController } from './node-lifecycle/controller.js';
import { createNodeTtlController } from './node-ttl/controller.js';
import { createPodGarbageCollector } from './pod-gc/controller.js';
import { createReplicationController } from './replication/controller.js';
import { replicaSetKind, replicationControllerKind } from './replication/kinds.js';
import { createRootCaController, createServiceAccountController } from './service-account/controller.js';
import { createResourceQuotaController } from './resource-quota/controller.js';
import { createStatefulSetController } from './stateful-set/controller.js';
import { createVolumeBinder } from './volumes/binder.js';
import { createHollowClassController } from './volumes/hollow.js';
import { createProtectionControllers } from './volumes/protection.js';

/** Every kind of this package's API server that can be listed, watched and deleted; a kind that is served twice is taken once. */
function servedKinds(): readonly Resource[] {
  const stores = new Set<string>();
  return served.filter(({ verbs, store }) => {
    if (stores.has(store) || !verbs.includes('watch') || !verbs.includes('delete')) return false;
    stores.add(store);
    return true;
  });
}

export interface ControllersOptions {
  api: KubeApi;
  /** Silent by default. */
  logger?: Logger | undefined;
  clock?: Clock | undefined;
  /**
   * Kinds that namespace deletion empties and that the garbage collector follows. The server must serve them all: the garbage collector waits
   * for the first list of each. The default is every kind that the controllers themselves work with.
   */
  kinds?: readonly Resource[] | undefined;
  /** PEM of the cluster's CA: published as the ConfigMap `kube-root-ca.crt` in every namespace. */
  rootCa?: string | undefined;
  /** Signs approved requests for certificates (CertificateSigningRequest). Without it none is signed, and none of a kubelet approved. */
  signingAuthority?: SigningAuthority | undefined;
  /**
   * Makes a default storage class, `standard`, whose claims are bound to volumes that are entries alone (provisioner `kmd.dev/hollow`), as hollow pods are.
   * Without it claims are bound to volumes that somebody made. False by default.
   */
  hollowVolumes?: boolean | undefined;
}

/** Controllers at work. */
export interface Controllers {
  readonly running: readonly {
    readonly name: string;
    /** Keys waiting for work, being worked on, or due later. */
    readonly queued: number;
  }[];
  /** Resolves when every cache is filled; rejects when the controllers are closed before. */
  readonly synced: Promise<void>;
  /** Stops watching and resolves when the work under way has ended. */
  close(): Promise<void>;
}

/**
 * Starts the controllers that a hollow cluster needs, over any `KubeApi`: ReplicaSet, ReplicationController, Deployment, StatefulSet,
 * DaemonSet, Job (and its time to live), CronJob, disruption budgets, quotas, Endpoints, EndpointSlice, Namespace, garbage collection, service accounts, aggregated
 * cluster roles, volumes and claims, requests for certificates, silent nodes and the pods of lost ones. Failures are retried and logged.
 * Throws `KubeError` with code `InvalidSigningAuthority` alone.
 *
 * ```ts
 * const controllers = startControllers({ api: server.api });
 * await controllers.synced;
 * // …
 * await controllers.close();
 * ```
 */
export function startControllers(options: ControllersOptions): Controllers {
  const {
    api,
    logger = silentLogger,
    clock = systemClock,
    kinds = servedKinds(),
    rootCa,
    hollowVolumes = false,
    signingAuthority,
  } = options;
  const informers = new Informers(api, logger);
  const recorders: EventRecorder[] = [];
  const recorder = (component: string): EventRecorder => {
    const made = createEventRecorder(api, { component, logger, clock });
    recorders.push(made);
    return made;
  };
  const context: ControllerContext = { api, informers, clock, logger, recorder };
  // Events own nothing and are owned by nobody, and there are many of them: they are not watched.
  const watched = kinds.filter(({ kind }) => kind !== events.kind);
  const podOwners = new OwnerIndex(informers.of(pods));
  const podsByNode = new Index(informers.of(pods), ({ spec }) => (spec?.nodeName === undefined ? [] : [spec.nodeName]));
  const collector = createGarbageCollector(context, watched);
  // Over an API without custom resource definitions there is nothing to follow.
  const custom = kinds.some(({ kind }) => kind === 'CustomResourceDefinition')
    ? createCustomResourceController(context, (resource) => collector.follow(resource))
    : undefined;
  const controllers = [
    ...(custom ? [custom.controller] : []),
    createReplicationController(context, replicaSetKind, podOwners),
    createReplicationController(context, replicationControllerKind, podOwners),
    createDeploymentController(context, podOwners),
    createStatefulSetController(context, podOwners),
    createDaemonSetController(context, podOwners),
    ...createJobController(context, podOwners),
    createCronJobController(context),
    createDisruptionController(context),
    createResourceQuotaController(context, watched),
    ...createEndpointsControllers(context),
    createMirroringController(context),
    collector,
    createNamespaceController(context, kinds, watched, () => custom?.list() ?? []),
    createServiceAccountController(context),
    ...(kinds.some(({ kind }) => kind === 'ClusterRole') ? [createClusterRoleAggregationController(context)] : []),
    ...(rootCa === undefined ? [] : [createRootCaController(context, rootCa)]),
    createPodGarbageCollector(context, podsByNode),
    createNodeLifecycleController(context, podsByNode),
    createNodeTtlController(context),
    ...(signingAuthority === undefined ? [] : createCertificateControllers(context, signingAuthority)),
    ...createVolumeBinder(context),
    ...createProtectionControllers(context),
    ...(hollowVolumes ? [createHollowClassController(context)] : []),
  ];

  const stop = new AbortController();
  const running = informers.run(stop.signal);
  for (const { queue, needs } of controllers) {
    Promise.all(needs.map(({ synced }) => synced)).then(
      () => queue.start(),
      () => undefined,
    );
  }
  const { synced } = informers;
  synced.catch(() => undefined);
  return {
    get running() {
      return controllers.map(({ name, queue }) => ({ name, queued: queue.size }));
    },
    synced,
    async close() {
      stop.abort();
      await Promise.all([running, ...controllers.map(({ queue }) => queue.close())]);
      await Promise.all(recorders.map((made) => made.flush()));
    },
  };
}
