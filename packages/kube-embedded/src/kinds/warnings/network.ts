import { type JsonObject, listAt, objectAt, objectsAt, textAt } from '../../json/tree.js';
import { warnOfAddress, warnOfRange } from './address.js';
import { type Warner, both } from './warner.js';

/** Of a list of addresses at `path`. */
const addresses = (object: JsonObject, path: string, field = path): readonly string[] =>
  listAt(object, ...path.split('.')).flatMap((item, index) => warnOfAddress(`${field}[${index}]`, String(item)));

/** Of a list of ranges of addresses at `path`. */
export const ranges = (object: JsonObject, path: string, field = path): readonly string[] =>
  listAt(object, ...path.split('.')).flatMap((item, index) => warnOfRange(`${field}[${index}]`, String(item)));

/** Of the addresses of a list of objects. */
export const addressed = (object: JsonObject, path: string, field = path): readonly string[] =>
  objectsAt(object, ...path.split('.')).flatMap((item, index) =>
    warnOfAddress(`${field}[${index}].ip`, textAt(item, 'ip') ?? ''),
  );

/** Of the addresses by which something is reached from outside. */
const outside = (object: JsonObject): readonly string[] =>
  objectsAt(object, 'status', 'loadBalancer', 'ingress').flatMap((item, index) =>
    warnOfAddress(`status.loadBalancer.ingress[${index}]`, textAt(item, 'ip') ?? ''),
  );

function warnOfService(service: JsonObject): readonly string[] {
  const external = textAt(service, 'spec', 'type') === 'ExternalName';
  const hints = 'service.kubernetes.io/topology-aware-hints';
  const warnings: string[] = [];
  if (textAt(service, 'metadata', 'annotations', hints) !== undefined) {
    warnings.push(`annotation ${hints} is deprecated, please use service.kubernetes.io/topology-mode instead`);
  }
  if (textAt(service, 'spec', 'clusterIP') !== 'None') warnings.push(...addresses(service, 'spec.clusterIPs'));
  warnings.push(...addresses(service, 'spec.externalIPs'));
  warnings.push(...warnOfAddress('spec.loadBalancerIP', textAt(service, 'spec', 'loadBalancerIP') ?? ''));
  warnings.push(...ranges(service, 'spec.loadBalancerSourceRanges'));
  if (external && listAt(service, 'spec', 'externalIPs').length > 0) {
    warnings.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  }
  if (!external && (textAt(service, 'spec', 'externalName') ?? '') !== '') {
    warnings.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  }
  return warnings;
}

/** What a controller made is in good form. */
const isMadeBy = (object: JsonObject, label: string, controllers: readonly string[]): boolean =>
  controllers.includes(textAt(object, 'metadata', 'labels', label) ?? '');

function warnOfEndpoints(endpoints: JsonObject): readonly string[] {
  if (isMadeBy(endpoints, 'endpoints.kubernetes.io/managed-by', ['endpoint-controller'])) return [];
  return objectsAt(endpoints, 'subsets').flatMap((subset, index) =>
    ['addresses', 'notReadyAddresses'].flatMap((list) => addressed(subset, list, `subsets[${index}].${list}`)),
  );
}

const sliceControllers = ['endpointslice-controller.k8s.io', 'endpointslicemirroring-controller.k8s.io'];

function warnOfSlice(slice: JsonObject): readonly string[] {
  if (isMadeBy(slice, 'endpointslice.kubernetes.io/managed-by', sliceControllers)) return [];
  return objectsAt(slice, 'endpoints').flatMap((endpoint, index) =>
    addresses(endpoint, 'addresses', `endpoints[${index}].addresses`),
  );
}

const warnOfPeers = (policy: JsonObject, way: string, peers: string): readonly string[] =>
  objectsAt(policy, 'spec', way).flatMap((rule, index) =>
    objectsAt(rule, peers).flatMap((peer, place) => {
      const block = objectAt(peer, 'ipBlock') ?? {};
      const here = `spec.${way}[${index}].${peers}[${place}].ipBlock`;
      return [
        ...warnOfRange(`${here}.cidr`, textAt(block, 'cidr') ?? ''),
        ...ranges(block, 'except', `${here}.except`),
      ];
    }),
  );

export const networkWarners: Readonly<Record<string, Warner>> = {
  services: { ...both(warnOfService), status: outside },
  'ingresses.networking.k8s.io': {
    created: (ingress) =>
      textAt(ingress, 'metadata', 'annotations', 'kubernetes.io/ingress.class') !== undefined &&
      textAt(ingress, 'spec', 'ingressClassName') === undefined
        ? [`annotation "kubernetes.io/ingress.class" is deprecated, please use 'spec.ingressClassName' instead`]
        : [],
    status: outside,
  },
  'networkpolicies.networking.k8s.io': both((policy) => [
    ...warnOfPeers(policy, 'ingress', 'from'),
    ...warnOfPeers(policy, 'egress', 'to'),
  ]),
  endpoints: both(warnOfEndpoints),
  'endpointslices.discovery.k8s.io': {
    created: (slice) => [
      ...(textAt(slice, 'addressType') === 'FQDN' ? ['spec.addressType: FQDN endpoints are deprecated'] : []),
      ...warnOfSlice(slice),
    ],
    updated: warnOfSlice,
  },
};
