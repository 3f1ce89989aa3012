import { KubeError } from '@kmd/kube-client';
import type { JsonObject } from './json/tree.js';
import type { Kind } from './kinds/kind.js';
import { findKind } from './kinds/table.js';
import type { Backend } from './requests/backend.js';
import { createObject } from './requests/create.js';

const namespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

function kind(group: string, plural: string): Kind {
  const found = findKind(group, 'v1', plural);
  if (!found) throw new KubeError(0, 'Internal', `kind ${plural} is not in the table`);
  return found;
}

/** What every cluster has from its first moment: the namespaces, and the service by which pods find the API server. */
export function createFirstObjects(backend: Backend, host: string, port: number): void {
  const create = (of: Kind, namespace: string | undefined, object: JsonObject): void => {
    createObject(backend, { kind: of, namespace }, object, { manager: 'kube-apiserver' });
  };
  for (const name of namespaces) create(kind('', 'namespaces'), undefined, { metadata: { name } });
  const labels = { component: 'apiserver', provider: 'kubernetes' };
  create(kind('', 'services'), 'default', {
    metadata: { name: 'kubernetes', labels },
    spec: {
      type: 'ClusterIP',
      clusterIP: backend.network.first,
      ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: port }],
      sessionAffinity: 'None',
    },
  });
  create(kind('', 'endpoints'), 'default', {
    metadata: { name: 'kubernetes', labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
    subsets: [{ addresses: [{ ip: host }], ports: [{ name: 'https', port, protocol: 'TCP' }] }],
  });
  create(kind('discovery.k8s.io', 'endpointslices'), 'default', {
    metadata: { name: 'kubernetes', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [host], conditions: { ready: true } }],
    ports: [{ name: 'https', port, protocol: 'TCP' }],
  });
}
