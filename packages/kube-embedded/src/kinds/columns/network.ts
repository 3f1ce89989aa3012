import { type JsonObject, listAt, numberAt, objectAt, objectsAt, textAt } from '../../json/tree.js';
import { type Column, ageColumn, nameColumn, text, wide } from './column.js';
import { formatLabels, formatSelector } from './workload.js';

const shown = 3;

function ingressPoints(object: JsonObject): string {
  const points = objectsAt(object, 'status', 'loadBalancer', 'ingress');
  return [...new Set(points.map((point) => textAt(point, 'ip') ?? textAt(point, 'hostname') ?? ''))]
    .filter((point) => point !== '')
    .sort()
    .join(',');
}

function externalAddress(service: JsonObject): string {
  const external = listAt(service, 'spec', 'externalIPs').join(',');
  switch (textAt(service, 'spec', 'type')) {
    case 'LoadBalancer': {
      const both = [ingressPoints(service), external].filter((part) => part !== '').join(',');
      return both === '' ? '<pending>' : both;
    }
    case 'ExternalName':
      return textAt(service, 'spec', 'externalName') ?? '';
    default:
      return external === '' ? '<none>' : external;
  }
}

function servicePorts(service: JsonObject): string {
  const ports = objectsAt(service, 'spec', 'ports').map((port) => {
    const node = numberAt(port, 'nodePort') ?? 0;
    return `${numberAt(port, 'port') ?? 0}${node > 0 ? `:${node}` : ''}/${textAt(port, 'protocol') ?? ''}`;
  });
  return ports.length === 0 ? '<none>' : ports.join(',');
}

/** The first of a list, and how many more there are. */
function firstOf(list: readonly string[], all: number): string {
  return list.length > shown ? `${list.slice(0, shown).join(',')} + ${all - shown} more...` : list.join(',');
}

function endpointAddresses(endpoints: JsonObject): string {
  const subsets = objectsAt(endpoints, 'subsets');
  if (subsets.length === 0) return '<none>';
  const list = subsets.flatMap((subset) => {
    const addresses = objectsAt(subset, 'addresses').map((address) => textAt(address, 'ip') ?? '');
    const ports = objectsAt(subset, 'ports');
    if (ports.length === 0) return addresses;
    return ports.flatMap((port) => addresses.map((address) => `${address}:${numberAt(port, 'port') ?? 0}`));
  });
  return firstOf(list, list.length);
}

function slicePorts(slice: JsonObject): string {
  const list = objectsAt(slice, 'ports').map((port) => {
    const number = numberAt(port, 'port');
    if (number !== undefined) return String(number);
    const name = textAt(port, 'name') ?? '';
    return name === '' ? '*' : name;
  });
  return list.length === 0 ? '<unset>' : firstOf(list, list.length);
}

function sliceEndpoints(slice: JsonObject): string {
  const list = objectsAt(slice, 'endpoints').flatMap((endpoint) => listAt(endpoint, 'addresses').map(String));
  return list.length === 0 ? '<unset>' : firstOf(list, list.length);
}

function hosts(ingress: JsonObject): string {
  const rules = objectsAt(ingress, 'spec', 'rules');
  const list = rules.map((rule) => textAt(rule, 'host') ?? '').filter((host) => host !== '');
  return list.length === 0 ? '*' : firstOf(list, rules.length);
}

export const networkColumns: Readonly<Record<string, readonly Column[]>> = {
  services: [
    nameColumn,
    text('Type', (object) => textAt(object, 'spec', 'type') ?? ''),
    text('Cluster-IP', (object) => textAt(object, 'spec', 'clusterIP') ?? '<none>'),
    text('External-IP', externalAddress),
    text('Port(s)', servicePorts),
    ageColumn,
    wide(text('Selector', (object) => formatLabels(objectAt(object, 'spec', 'selector')))),
  ],
  endpoints: [nameColumn, text('Endpoints', endpointAddresses), ageColumn],
  'endpointslices.discovery.k8s.io': [
    nameColumn,
    text('AddressType', (object) => textAt(object, 'addressType') ?? ''),
    text('Ports', slicePorts),
    text('Endpoints', sliceEndpoints),
    ageColumn,
  ],
  'ingresses.networking.k8s.io': [
    nameColumn,
    text('Class', (object) => textAt(object, 'spec', 'ingressClassName') ?? '<none>'),
    text('Hosts', hosts),
    text('Address', ingressPoints),
    text('Ports', (object) => (listAt(object, 'spec', 'tls').length > 0 ? '80, 443' : '80')),
    ageColumn,
  ],
  'ingressclasses.networking.k8s.io': [
    nameColumn,
    text('Controller', (object) => textAt(object, 'spec', 'controller') ?? ''),
    text('Parameters', (object) => {
      const parameters = objectAt(object, 'spec', 'parameters');
      if (!parameters) return '<none>';
      const group = textAt(parameters, 'apiGroup');
      return `${textAt(parameters, 'kind') ?? ''}${group === undefined ? '' : `.${group}`}/${textAt(parameters, 'name') ?? ''}`;
    }),
    ageColumn,
  ],
  'networkpolicies.networking.k8s.io': [
    nameColumn,
    text('Pod-Selector', (object) => formatSelector(objectAt(object, 'spec', 'podSelector'))),
    ageColumn,
  ],
};
