import {
  configMaps as configMapResource,
  isAlreadyExists,
  ignoreNotFound,
  namespaces as namespaceResource,
  serviceAccounts as serviceAccountResource,
  type ConfigMap,
  type KubeObject,
} from '@kmd/kube-client';
import { createQueue, type Controller, type ControllerContext } from '../controller.js';
import { isDeleting, nameOf, namespaceOf } from '../ownership.js';

const rootCaName = 'kube-root-ca.crt';

/** Keeps the service account `default` in every namespace. */
export function createServiceAccountController(context: ControllerContext): Controller {
  const { api, informers } = context;
  const namespaces = informers.of(namespaceResource);
  const accounts = informers.of(serviceAccountResource);
  namespaces.subscribe({ added: (namespace) => queue.add(nameOf(namespace)) });
  accounts.subscribe({ deleted: (account) => queue.add(namespaceOf(account)) });

  const name = 'serviceaccount-controller';
  const queue = createQueue(context, name, {
    async reconcile(namespace) {
      const home = namespaces.get(undefined, namespace);
      if (home === undefined || isDeleting(home) || accounts.get(namespace, 'default') !== undefined) return;
      await api
        .create(
          serviceAccountResource,
          { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } },
          { namespace },
        )
        .catch(ignoreExistence);
    },
  });
  return { name, queue, needs: [namespaces, accounts] };
}

/** Keeps the cluster's CA certificate in every namespace, where pods mount it from. */
export function createRootCaController(context: ControllerContext, rootCa: string): Controller {
  const { api, informers } = context;
  const namespaces = informers.of(namespaceResource);
  const configMaps = informers.of(configMapResource);
  const addNamespaceOf = (object: KubeObject) => {
    if (nameOf(object) === rootCaName) queue.add(namespaceOf(object));
  };
  namespaces.subscribe({ added: (namespace) => queue.add(nameOf(namespace)) });
  configMaps.subscribe({ updated: addNamespaceOf, deleted: addNamespaceOf });

  const data = { 'ca.crt': rootCa };
  const name = 'root-ca-certificate-publisher-controller';
  const queue = createQueue(context, name, {
    async reconcile(namespace) {
      const home = namespaces.get(undefined, namespace);
      if (home === undefined || isDeleting(home)) return;
      const current = configMaps.get(namespace, rootCaName);
      if (current === undefined) {
        const description =
          'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';
        const made: ConfigMap = {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: rootCaName, namespace, annotations: { 'kubernetes.io/description': description } },
          data,
        };
        await api.create(configMapResource, made, { namespace }).catch(ignoreExistence);
      } else if (current.data?.['ca.crt'] !== rootCa || Object.keys(current.data).length !== 1) {
        await api.update(configMapResource, { ...current, data }, { namespace }).catch(ignoreNotFound);
      }
    },
  });
  return { name, queue, needs: [namespaces, configMaps] };
}

const ignoreExistence = (error: unknown): void => {
  if (!isAlreadyExists(error)) throw error;
};
