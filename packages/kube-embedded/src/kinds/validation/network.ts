import { isIP } from 'node:net';
import type { Cause } from '../../errors.js';
import { parseAddress, printAddress } from '../../json/address.js';
import { type JsonObject, listAt, numberAt, objectAt, objectsAt, textAt } from '../../json/tree.js';
import { addressProblems, rangeProblems } from './address.js';
import { duplicate, invalidShown, invalidValue, required, unsupported } from './field.js';
import { dnsSubdomain, wildcardSubdomain } from './name.js';
import { isPort } from './handlers.js';

const portRange = 'must be between 1 and 65535, inclusive';

function validateBackend(backend: JsonObject | undefined, path: string): Cause[] {
  const service = objectAt(backend, 'service');
  if (!service) {
    return objectAt(backend, 'resource') ? [] : [invalidValue(path, '', 'resource or service backend is required')];
  }
  const causes: Cause[] = [];
  if ((textAt(service, 'name') ?? '') === '') causes.push(required(`${path}.service.name`));
  const name = textAt(service, 'port', 'name') ?? '';
  const number = numberAt(service, 'port', 'number') ?? 0;
  if (name !== '' && number !== 0) causes.push(invalidValue(path, '', 'cannot set both port name & port number'));
  else if (name === '' && number === 0) causes.push(required(path, 'port name or number is required'));
  else if (name === '' && !isPort(number)) causes.push(invalidValue(`${path}.service.port.number`, number, portRange));
  return causes;
}

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix'];

export function validateIngress(ingress: JsonObject): Cause[] {
  const causes: Cause[] = [];
  const spec = objectAt(ingress, 'spec');
  const rules = objectsAt(spec, 'rules');
  const standard = objectAt(spec, 'defaultBackend');
  if (rules.length === 0 && !standard) {
    causes.push(
      invalidShown('spec', '[]networking.IngressRule(nil)', 'either `defaultBackend` or `rules` must be specified'),
    );
  }
  if (standard) causes.push(...validateBackend(standard, 'spec.defaultBackend'));
  rules.forEach((rule, index) => {
    const here = `spec.rules[${index}]`;
    const host = textAt(rule, 'host') ?? '';
    if (host !== '') {
      if (isIP(host) !== 0) causes.push(invalidValue(`${here}.host`, host, 'must be a DNS name, not an IP address'));
      const problems = host.includes('*') ? wildcardSubdomain(host) : dnsSubdomain(host);
      for (const problem of problems) causes.push(invalidValue(`${here}.host`, host, problem));
    }
    const http = objectAt(rule, 'http');
    if (http && listAt(http, 'paths').length === 0) causes.push(required(`${here}.http.paths`));
    objectsAt(http, 'paths').forEach((path, place) => {
      const at = `${here}.http.paths[${place}]`;
      const type = textAt(path, 'pathType');
      const value = textAt(path, 'path') ?? '';
      if (type === undefined) causes.push(required(`${at}.pathType`, 'pathType must be specified'));
      else if (!pathTypes.includes(type)) causes.push(unsupported(`${at}.pathType`, type, pathTypes));
      else if (!value.startsWith('/') && (type !== 'ImplementationSpecific' || value !== '')) {
        causes.push(invalidValue(`${at}.path`, value, 'must be an absolute path'));
      }
      causes.push(...validateBackend(objectAt(path, 'backend'), `${at}.backend`));
    });
  });
  const name = textAt(spec, 'ingressClassName');
  if (name !== undefined) {
    for (const problem of dnsSubdomain(name)) causes.push(invalidValue('spec.ingressClassName', name, problem));
  }
  return causes;
}

export function validateIngressClass(object: JsonObject): Cause[] {
  const causes: Cause[] = [];
  const controller = textAt(object, 'spec', 'controller') ?? '';
  if (controller === '') causes.push(required('spec.controller'));
  else if (!/^[^/]+\/.+$/.test(controller)) {
    causes.push(invalidValue('spec.controller', controller, 'must be a domain-prefixed path (such as "acme.io/foo")'));
  }
  const parameters = objectAt(object, 'spec', 'parameters');
  if (!parameters) return causes;
  const scope = textAt(parameters, 'scope') ?? '';
  const namespace = textAt(parameters, 'namespace') ?? '';
  for (const field of ['kind', 'name']) {
    if ((textAt(parameters, field) ?? '') === '') causes.push(required(`spec.parameters.${field}`));
  }
  if (!['Cluster', 'Namespace'].includes(scope)) {
    causes.push(unsupported('spec.parameters.scope', scope, ['Cluster', 'Namespace']));
  }
  if (scope === 'Namespace' && namespace === '') {
    causes.push(required('spec.parameters.namespace', "`parameters.scope` is set to 'Namespace'"));
  }
  if (scope === 'Cluster' && namespace !== '') {
    causes.push({
      reason: 'FieldValueForbidden',
      field: 'spec.parameters.namespace',
      message: "Forbidden: `parameters.scope` is set to 'Cluster'",
    });
  }
  return causes;
}

export function validateNetworkPolicy(policy: JsonObject): Cause[] {
  const causes: Cause[] = [];
  const spec = objectAt(policy, 'spec');
  for (const [direction, peers] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const) {
    objectsAt(spec, direction).forEach((rule, index) => {
      const here = `spec.${direction}[${index}]`;
      objectsAt(rule, 'ports').forEach((port, place) => {
        const at = `${here}.ports[${place}]`;
        const number = port['port'];
        const end = numberAt(port, 'endPort');
        if (typeof number === 'number' && !isPort(number)) {
          causes.push(invalidValue(`${at}.port`, number, portRange));
        }
        if (end !== undefined && typeof number === 'number' && end < number) {
          // The real server shows the port here.
          causes.push(invalidValue(`${at}.endPort`, number, 'must be greater than or equal to `port`'));
        }
      });
      objectsAt(rule, peers).forEach((peer, place) => {
        const at = `${here}.${peers}[${place}]`;
        if (Object.keys(peer).length === 0) causes.push(required(at, 'must specify a peer'));
        const block = objectAt(peer, 'ipBlock');
        if (!block) return;
        const cidr = textAt(block, 'cidr') ?? '';
        if (cidr === '') causes.push(required(`${at}.ipBlock.cidr`));
        else for (const problem of rangeProblems(cidr)) causes.push(invalidValue(`${at}.ipBlock.cidr`, cidr, problem));
      });
    });
  }
  listAt(spec, 'policyTypes').forEach((type, index) => {
    if (type !== 'Ingress' && type !== 'Egress') {
      causes.push(unsupported(`spec.policyTypes[${index}]`, type, ['Ingress', 'Egress']));
    }
  });
  return causes;
}

/** Addresses that cannot be those of an endpoint. Loopback, which the real server refuses, is where everything of a local cluster is. */
function endpointAddress(address: string, field: string): Cause[] {
  const known = parseAddress(address);
  if (!known) return [invalidValue(field, address, 'must be a valid IP address')];
  const ranges: readonly [RegExp, string][] = [
    [/^0\.0\.0\.0$|^::$/, `may not be unspecified (${address})`],
    [/^169\.254\.|^fe80:/i, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'],
    [/^224\.0\.0\.|^ff02:/i, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'],
  ];
  const plain = printAddress(known);
  return ranges.filter(([pattern]) => pattern.test(plain)).map(([, why]) => invalidValue(field, address, why));
}

export function validateEndpoints(endpoints: JsonObject): Cause[] {
  const causes: Cause[] = [];
  objectsAt(endpoints, 'subsets').forEach((subset, index) => {
    const here = `subsets[${index}]`;
    if (listAt(subset, 'addresses').length + listAt(subset, 'notReadyAddresses').length === 0) {
      causes.push(required(here, 'must specify `addresses` or `notReadyAddresses`'));
    }
    for (const list of ['addresses', 'notReadyAddresses']) {
      objectsAt(subset, list).forEach((address, place) => {
        const field = `${here}.${list}[${place}].ip`;
        const ip = textAt(address, 'ip') ?? '';
        for (const problem of addressProblems(ip)) causes.push(invalidValue(field, ip, problem));
        causes.push(...endpointAddress(ip, field));
      });
    }
    objectsAt(subset, 'ports').forEach((port, place) => {
      const at = `${here}.ports[${place}]`;
      if ((textAt(port, 'name') ?? '') === '' && listAt(subset, 'ports').length > 1)
        causes.push(required(`${at}.name`));
      if (!isPort(port['port'])) causes.push(invalidValue(`${at}.port`, port['port'] ?? 0, portRange));
    });
  });
  return causes;
}

export function validateSlice(slice: JsonObject): Cause[] {
  const causes: Cause[] = [];
  const type = textAt(slice, 'addressType') ?? '';
  const types = ['FQDN', 'IPv4', 'IPv6'];
  if (type === '') causes.push(required('addressType'));
  else if (!types.includes(type)) causes.push(unsupported('addressType', type, types));
  objectsAt(slice, 'endpoints').forEach((endpoint, index) => {
    const here = `endpoints[${index}].addresses`;
    const addresses = listAt(endpoint, 'addresses').map(String);
    if (addresses.length === 0) causes.push(required(here, 'must contain at least 1 address'));
    addresses.forEach((address, place) => {
      if (type !== 'IPv4' && type !== 'IPv6') return;
      const field = `${here}[${place}]`;
      const problems = addressProblems(address).map((problem) => invalidValue(field, address, problem));
      causes.push(...problems, ...(problems.length > 0 ? [] : endpointAddress(address, field)));
    });
  });
  const names = new Set<string>();
  objectsAt(slice, 'ports').forEach((port, index) => {
    const name = textAt(port, 'name') ?? '';
    if (names.has(name)) causes.push(duplicate(`ports[${index}].name`, name));
    names.add(name);
  });
  return causes;
}
