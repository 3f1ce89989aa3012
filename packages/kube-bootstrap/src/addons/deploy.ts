import * as client from '@kmd/kube-client';
import type { KubeApi, KubeObject, Resource } from '@kmd/kube-client';
import { AddonError, type Addon } from './addon.js';

/** An object was applied. */
export interface AddonProgress {
  addon: string;
  /** For instance `Deployment kube-system/coredns`. */
  object: string;
}

export interface DeployOptions {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: AddonProgress) => void) | undefined;
  /** For a namespace that the API server makes by itself while it starts, in milliseconds. Default 30 s. */
  timeout?: number | undefined;
}

const FIELD_MANAGER = 'kmd';
const NAMESPACE_TIMEOUT = 30_000;

const of = (group: string, plural: string, kind: string, namespaced = true, version = 'v1'): Resource => ({
  group,
  version,
  plural,
  kind,
  namespaced,
});

/** The kinds an addon may have. */
const kinds: readonly Resource[] = [
  client.namespaces,
  client.serviceAccounts,
  client.secrets,
  client.configMaps,
  client.services,
  client.pods,
  client.replicationControllers,
  client.deployments,
  client.roles,
  client.roleBindings,
  client.clusterRoles,
  client.clusterRoleBindings,
  client.endpoints,
  client.replicaSets,
  client.leases,
  client.endpointSlices,
  of('', 'limitranges', 'LimitRange'),
  of('', 'persistentvolumeclaims', 'PersistentVolumeClaim'),
  of('', 'persistentvolumes', 'PersistentVolume', false),
  of('', 'resourcequotas', 'ResourceQuota'),
  of('apiextensions.k8s.io', 'customresourcedefinitions', 'CustomResourceDefinition', false),
  of('apps', 'daemonsets', 'DaemonSet'),
  of('apps', 'statefulsets', 'StatefulSet'),
  of('autoscaling', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', true, 'v2'),
  of('batch', 'cronjobs', 'CronJob'),
  of('batch', 'jobs', 'Job'),
  of('networking.k8s.io', 'ingressclasses', 'IngressClass', false),
  of('networking.k8s.io', 'ingresses', 'Ingress'),
  of('networking.k8s.io', 'networkpolicies', 'NetworkPolicy'),
  of('policy', 'poddisruptionbudgets', 'PodDisruptionBudget'),
  of('scheduling.k8s.io', 'priorityclasses', 'PriorityClass', false),
  of('storage.k8s.io', 'storageclasses', 'StorageClass', false),
];

/**
 * Applies the addons' objects, one after the other, by server-side apply as field manager `kmd`: what others changed in fields of its own
 * comes back, all else stays, and a second time changes nothing. Throws `AddonError` naming the object, or the signal's reason.
 */
export async function deployAddons(api: KubeApi, addons: readonly Addon[], options: DeployOptions = {}): Promise<void> {
  const { signal, onProgress, timeout = NAMESPACE_TIMEOUT } = options;
  const known = new Set<string>();
  for (const addon of addons)
    for (const object of addon.objects) {
      signal?.throwIfAborted();
      const { name, namespace } = object.metadata ?? {};
      const label = `${object.kind ?? 'object'} ${namespace === undefined ? '' : `${namespace}/`}${name ?? ''}`;
      const resource = kinds.find(
        (kind) => kind.kind === object.kind && client.apiVersionOf(kind) === object.apiVersion,
      );
      if (resource === undefined || name === undefined)
        throw new AddonError(
          'ADDON_UNKNOWN_KIND',
          addon.name,
          `addon ${addon.name}: ${label} (${object.apiVersion ?? 'no apiVersion'}) cannot be applied: its kind is unknown, or it has no name`,
        );
      try {
        if (namespace !== undefined && !known.has(namespace)) await awaitNamespace(api, namespace, timeout, signal);
        if (namespace !== undefined) known.add(namespace);
        await api.patch(resource, name, object, {
          ...(resource.namespaced && { namespace: namespace ?? 'default' }),
          type: 'apply',
          fieldManager: FIELD_MANAGER,
          force: true,
          signal,
        });
      } catch (cause) {
        signal?.throwIfAborted();
        const detail = cause instanceof Error ? cause.message : String(cause);
        throw new AddonError('ADDON_REFUSED', addon.name, `addon ${addon.name}: ${label} was not taken: ${detail}`, {
          cause,
        });
      }
      if (resource === client.namespaces) known.add(name);
      onProgress?.({ addon: addon.name, object: label });
    }
}

/** `kube-system` is made by the API server, a moment after it begins to answer. */
async function awaitNamespace(
  api: KubeApi,
  name: string,
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const there = await api.get(client.namespaces, name, { signal }).catch((error: unknown): KubeObject | undefined => {
    if (client.isNotFound(error)) return undefined;
    throw error;
  });
  if (there === undefined)
    await client.waitFor(api, client.namespaces, name, (object) => object !== undefined, { signal, timeout });
}
