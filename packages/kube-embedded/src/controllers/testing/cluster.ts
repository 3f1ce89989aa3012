import { randomUUID } from 'node:crypto';
import {
  createInformer,
  isNotFound,
  namespaces,
  pods,
  waitFor,
  type KubeApi,
  type KubeObject,
  type Pod,
  type Resource,
} from '@kmd/kube-client';
import { alwaysAllow } from '../../auth/authorize.js';
import { createServiceAccountTokens } from '../../auth/service-account-tokens.js';
import { servedKinds } from '../../crd/kinds.js';
import { inProcessApi } from '../../requests/in-process.js';
import { createServiceNetwork } from '../../services/network.js';
import { MemoryStore } from '../../storage/memory-store.js';
import { startControllers, type Controllers, type ControllersOptions } from '../index.js';

export interface TestCluster {
  api: KubeApi;
  controllers: Controllers;
  /** Resolves when the object (in the namespace `default`, if its kind has one) is as wanted. */
  until<T extends KubeObject>(
    resource: Resource<T>,
    name: string,
    predicate: (object: T | undefined) => boolean,
  ): Promise<void>;
  /** Resolves to the kind's objects in the namespace `default` that match the labels, once they are as wanted. */
  untilList<T extends KubeObject>(
    resource: Resource<T>,
    labelSelector: string,
    predicate: (objects: T[]) => boolean,
  ): Promise<T[]>;
  /** Tells the objects of each moment from now on. */
  follow<T extends KubeObject>(
    resource: Resource<T>,
    labelSelector: string,
    onChange: (objects: T[]) => void,
  ): () => void;
  /** Pods of the namespace `default` that match the labels. */
  podsOf(labelSelector: string): Promise<Pod[]>;
  close(): Promise<void>;
}

/** The API of this package in process, its controllers, and (unless `kubelet` is false) something that runs pods hollow. */
export async function startTestCluster(
  options: Partial<ControllersOptions> & { kubelet?: boolean } = {},
): Promise<TestCluster> {
  const stop = new AbortController();
  const store = new MemoryStore();
  const api = inProcessApi(
    {
      store,
      kinds: servedKinds(store),
      tokens: createServiceAccountTokens({}, () => undefined),
      authorizer: alwaysAllow,
      network: createServiceNetwork('10.10.10.0/24', '30000-32767'),
      now: () => new Date(),
      uid: randomUUID,
      random: Math.random,
    },
    stop.signal,
  );
  await api.create(namespaces, { metadata: { name: 'default' } });
  const { kubelet = true, ...rest } = options;
  const controllers = startControllers({ api, ...rest });
  await controllers.synced;
  const kubeletStop = new AbortController();
  const kubeletEnd = kubelet ? runHollowKubelet(api, kubeletStop.signal) : undefined;
  return {
    api,
    controllers,
    async until(resource, name, predicate) {
      await waitFor(api, resource, name, predicate, {
        ...(resource.namespaced && { namespace: 'default' }),
        timeout: 20_000,
      });
    },
    untilList: (resource, labelSelector, predicate) => {
      const list = Promise.withResolvers<Parameters<typeof predicate>[0]>();
      const stopFollowing = follow(api, resource, labelSelector, (objects) => {
        if (predicate(objects)) list.resolve(objects);
      });
      const timer = setTimeout(() => {
        list.reject(new Error(`waited 20 s for ${resource.plural} ${labelSelector} in vain`));
      }, 20_000);
      return list.promise.finally(() => {
        clearTimeout(timer);
        stopFollowing();
      });
    },
    follow: (resource, labelSelector, onChange) => follow(api, resource, labelSelector, onChange),
    podsOf: async (labelSelector) => (await api.list(pods, { namespace: 'default', labelSelector })).items,
    async close() {
      await controllers.close();
      kubeletStop.abort();
      await kubeletEnd;
      stop.abort();
    },
  };
}

function follow<T extends KubeObject>(
  api: KubeApi,
  resource: Resource<T>,
  labelSelector: string,
  onChange: (objects: T[]) => void,
): () => void {
  const stop = new AbortController();
  const informer = createInformer(api, resource, { namespace: 'default', labelSelector });
  let synced = false;
  const tell = () => {
    if (synced) onChange(informer.list());
  };
  informer.subscribe({ added: tell, updated: tell, deleted: tell });
  void informer.run(stop.signal);
  informer.synced.then(
    () => {
      synced = true;
      tell();
    },
    () => undefined,
  );
  return () => stop.abort();
}

/** Binds and runs every pod at once, and ends those that are to be deleted. */
export async function runHollowKubelet(api: KubeApi, signal: AbortSignal): Promise<void> {
  let address = 0;
  const informer = createInformer(api, pods);
  const attempt = (work: Promise<unknown>) => {
    work.catch((error: unknown) => {
      if (!isNotFound(error) && !signal.aborted) throw error;
    });
  };
  async function start(pod: Pod): Promise<void> {
    const { name = '', namespace = '' } = pod.metadata ?? {};
    await api.createSubresource(
      pods,
      name,
      'binding',
      { apiVersion: 'v1', kind: 'Binding', metadata: { name }, target: { kind: 'Node', name: 'node' } },
      { namespace },
    );
    address += 1;
    const lastTransitionTime = new Date().toISOString();
    const ready = pod.metadata?.annotations?.['test/ready'] !== 'no';
    const status = {
      phase: 'Running',
      podIP: `10.2.${address >> 8}.${address & 255}`,
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime }],
    };
    await api.patch(pods, name, { status }, { type: 'merge', namespace, subresource: 'status' });
  }
  const end = (pod: Pod) => {
    if (pod.metadata?.deletionTimestamp === undefined) return;
    const { name = '', namespace } = pod.metadata;
    attempt(api.delete(pods, name, { namespace, gracePeriodSeconds: 0 }));
  };
  informer.subscribe({
    added(pod) {
      if (pod.spec?.nodeName === undefined) attempt(start(pod));
      else end(pod);
    },
    updated: end,
  });
  await informer.run(signal);
}
