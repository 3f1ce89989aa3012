import { KubeError } from '@kmd/kube-client';
import { systemPriorities } from './admission/admit.js';
import { alwaysAllow } from './auth/authorize.js';
import { ensureFirstRoles } from './auth/first-roles.js';
import { type JsonObject, clone, objectAt, textAt } from './json/tree.js';
import type { Kind } from './kinds/kind.js';
import { findKind } from './kinds/table.js';
import { type Backend, keyOf } from './requests/backend.js';
import { createObject } from './requests/create.js';
import { updateObject } from './requests/update.js';

const namespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

function kind(group: string, plural: string): Kind {
  const found = findKind(group, 'v1', plural);
  if (!found) throw new KubeError(0, 'Internal', `kind ${plural} is not in the table`);
  return found;
}

/** What the first objects say of the server. */
export interface ServerFacts {
  /** The address of the service `kubernetes`. */
  readonly host: string;
  readonly port: number;
  /** PEM certificates of the authority whose client certificates it takes. */
  readonly clientCa: string | undefined;
}

/**
 * What every cluster has from its first moment: the namespaces, the service by which pods find the API server, and for those who stand behind it (kubelets,
 * aggregated servers) whose client certificates it takes. What is there already is kept.
 */
export function createFirstObjects(backend: Backend, { host, port, clientCa }: ServerFacts): void {
  const ensure = (of: Kind, namespace: string | undefined, object: JsonObject, current = false): void => {
    const name = textAt(object, 'metadata', 'name') ?? '';
    const found = backend.store.get(of.store, keyOf(namespace, name));
    const request = { manager: 'kube-apiserver' };
    if (!found) createObject(backend, { kind: of, namespace }, object, request);
    else if (current) {
      // The server of a restarted cluster may listen elsewhere than before.
      const metadata = clone(objectAt(found, 'metadata') ?? {});
      updateObject(backend, { kind: of, namespace, name }, '', { ...clone(found), ...object, metadata }, request);
    }
  };
  for (const name of namespaces) ensure(kind('', 'namespaces'), undefined, { metadata: { name } });
  if (backend.authorizer !== alwaysAllow) {
    const rbac = 'rbac.authorization.k8s.io';
    ensureFirstRoles(backend, kind(rbac, 'clusterroles'), kind(rbac, 'clusterrolebindings'));
  }
  for (const [name, value] of Object.entries(systemPriorities)) {
    ensure(kind('scheduling.k8s.io', 'priorityclasses'), undefined, {
      metadata: { name },
      value,
      description: `for pods that a cluster cannot do without (${name})`,
    });
  }
  const labels = { component: 'apiserver', provider: 'kubernetes' };
  ensure(kind('', 'services'), 'default', {
    metadata: { name: 'kubernetes', labels },
    spec: {
      type: 'ClusterIP',
      clusterIP: backend.network.first,
      ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: port }],
      sessionAffinity: 'None',
    },
  });
  const endpoints = {
    metadata: { name: 'kubernetes', labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
    subsets: [{ addresses: [{ ip: host }], ports: [{ name: 'https', port, protocol: 'TCP' }] }],
  };
  ensure(kind('', 'endpoints'), 'default', endpoints, true);
  const slice = {
    metadata: { name: 'kubernetes', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [host], conditions: { ready: true } }],
    ports: [{ name: 'https', port, protocol: 'TCP' }],
  };
  ensure(kind('discovery.k8s.io', 'endpointslices'), 'default', slice, true);
  if (clientCa !== undefined)
    ensure(
      kind('', 'configmaps'),
      'kube-system',
      { metadata: { name: 'extension-apiserver-authentication' }, data: { 'client-ca-file': clientCa } },
      true,
    );
}
