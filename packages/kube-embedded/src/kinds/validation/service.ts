import type { Cause } from '../../errors.js';
import { goTexts } from '../../json/go.js';
import { type JsonObject, listAt, numberAt, objectAt, objectsAt, textAt } from '../../json/tree.js';
import { addressProblems, rangeProblems } from './address.js';
import { duplicate, forbiddenField, invalidShown, invalidValue, required, unsupported } from './field.js';
import { validateLabels } from './metadata.js';
import { dnsLabel, dnsSubdomain, portName } from './name.js';
import { isPort } from './handlers.js';

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

export function validateService(service: JsonObject): Cause[] {
  const causes: Cause[] = [];
  const spec = objectAt(service, 'spec') ?? {};
  const type = textAt(spec, 'type') ?? '';
  const ports = objectsAt(spec, 'ports');
  const headless = textAt(spec, 'clusterIP') === 'None';
  if (ports.length === 0 && !headless && type !== 'ExternalName') causes.push(required('spec.ports'));
  if (headless && (type === 'LoadBalancer' || type === 'NodePort')) {
    causes.push(invalidValue('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`));
  }
  if (type === 'ExternalName') {
    if ((textAt(spec, 'clusterIP') ?? '') !== '') {
      causes.push(forbiddenField('spec.clusterIPs', 'may not be set for ExternalName services'));
    }
    const external = textAt(spec, 'externalName') ?? '';
    if (external === '') causes.push(required('spec.externalName'));
    else {
      for (const problem of dnsSubdomain(external.replace(/\.$/, ''))) {
        causes.push(invalidValue('spec.externalName', external, problem));
      }
    }
  }
  const names = new Set<string>();
  const taken = new Set<string>();
  ports.forEach((port, index) => {
    const here = `spec.ports[${index}]`;
    const name = textAt(port, 'name') ?? '';
    if (name === '' && ports.length > 1) causes.push(required(`${here}.name`));
    else if (name !== '') {
      for (const problem of dnsLabel(name)) causes.push(invalidValue(`${here}.name`, name, problem));
      if (names.has(name)) causes.push(duplicate(`${here}.name`, name));
      names.add(name);
    }
    if (!isPort(port['port'])) {
      causes.push(invalidValue(`${here}.port`, port['port'] ?? 0, 'must be between 1 and 65535, inclusive'));
    }
    const protocol = textAt(port, 'protocol') ?? '';
    if (!['SCTP', 'TCP', 'UDP'].includes(protocol)) {
      causes.push(unsupported(`${here}.protocol`, protocol, ['SCTP', 'TCP', 'UDP']));
    }
    const target = port['targetPort'];
    if (typeof target === 'number' && !isPort(target)) {
      causes.push(invalidValue(`${here}.targetPort`, target, 'must be between 1 and 65535, inclusive'));
    } else if (typeof target === 'string') {
      for (const problem of portName(target)) causes.push(invalidValue(`${here}.targetPort`, target, problem));
    }
    const nodePort = port['nodePort'];
    if (type === 'ClusterIP' && nodePort !== undefined && nodePort !== 0) {
      causes.push(forbiddenField(`${here}.nodePort`, "may not be used when `type` is 'ClusterIP'"));
    }
    const key = `${String(port['port'])}/${protocol}`;
    if (taken.has(key)) {
      const shown = `core.ServicePort{Name:"", Protocol:"${protocol}", AppProtocol:(*string)(nil), Port:${String(port['port'])}, TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:""}, NodePort:0}`;
      causes.push({ reason: 'FieldValueDuplicate', field: here, message: `Duplicate value: ${shown}` });
    }
    taken.add(key);
  });
  causes.push(...validateLabels(objectAt(spec, 'selector'), 'spec.selector'));
  const affinity = textAt(spec, 'sessionAffinity') ?? '';
  if (!['ClientIP', 'None'].includes(affinity)) {
    causes.push(unsupported('spec.sessionAffinity', affinity, ['ClientIP', 'None']));
  }
  if (!types.includes(type)) causes.push(unsupported('spec.type', type, types));
  return [...causes, ...validateAddresses(spec, type)];
}

/** Addresses, ranges of them, and how they are reached from outside and inside. */
function validateAddresses(spec: JsonObject, type: string): Cause[] {
  const causes: Cause[] = [];
  listAt(spec, 'externalIPs').forEach((item, index) => {
    const address = String(item);
    for (const problem of addressProblems(address)) {
      causes.push(invalidValue(`spec.externalIPs[${index}]`, address, problem));
    }
  });
  listAt(spec, 'loadBalancerSourceRanges').forEach((item, index) => {
    const range = String(item);
    for (const problem of rangeProblems(range.trim())) {
      causes.push(invalidValue(`spec.LoadBalancerSourceRanges[${index}]`, range, problem));
    }
  });
  const external = textAt(spec, 'externalTrafficPolicy');
  if (external !== undefined) {
    const outside = type === 'NodePort' || type === 'LoadBalancer' || listAt(spec, 'externalIPs').length > 0;
    if (!outside) {
      causes.push(
        invalidValue('spec.externalTrafficPolicy', external, 'may only be set for externally-accessible services'),
      );
    } else if (!policies.includes(external)) {
      causes.push(unsupported('spec.externalTrafficPolicy', external, policies));
    }
  }
  const health = numberAt(spec, 'healthCheckNodePort') ?? 0;
  if (health !== 0 && !(type === 'LoadBalancer' && external === 'Local')) {
    const why = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
    causes.push(invalidValue('spec.healthCheckNodePort', health, why));
  }
  const internal = textAt(spec, 'internalTrafficPolicy');
  if (internal !== undefined && !policies.includes(internal)) {
    causes.push(unsupported('spec.internalTrafficPolicy', internal, policies));
  }
  const families = textAt(spec, 'ipFamilyPolicy');
  const known = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];
  if (families !== undefined && !known.includes(families)) {
    causes.push(unsupported('spec.ipFamilyPolicy', families, known));
  }
  const address = textAt(spec, 'clusterIP') ?? '';
  if (address !== '' && address !== 'None') {
    for (const problem of addressProblems(address)) causes.push(invalidValue('spec.clusterIPs[0]', address, problem));
  }
  listAt(spec, 'ipFamilies').forEach((family, index) => {
    if (family !== 'IPv4')
      causes.push(invalidValue(`spec.ipFamilies[${index}]`, family, 'not configured on this cluster'));
  });
  return causes;
}

const policies = ['Cluster', 'Local'];

export function validateServiceUpdate(service: JsonObject, old: JsonObject): Cause[] {
  const causes: Cause[] = [];
  const port = (object: JsonObject): number => numberAt(object, 'spec', 'healthCheckNodePort') ?? 0;
  if (port(service) !== 0 && port(old) !== 0 && port(service) !== port(old)) {
    causes.push(forbiddenField('spec.healthCheckNodePort', 'field is immutable'));
  }
  causes.push(...validateService(service));
  const before = textAt(old, 'spec', 'clusterIP') ?? '';
  const now = textAt(service, 'spec', 'clusterIP') ?? '';
  if (
    before !== '' &&
    now !== '' &&
    now !== before &&
    textAt(service, 'spec', 'type') !== 'ExternalName' &&
    textAt(old, 'spec', 'type') !== 'ExternalName'
  ) {
    causes.push(invalidShown('spec.clusterIPs[0]', goTexts([now]), 'may not change once set'));
  }
  return causes;
}
