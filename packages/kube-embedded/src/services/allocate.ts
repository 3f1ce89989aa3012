import { KubeError } from '@kmd/kube-client';
import { invalid } from '../errors.js';
import {
  type JsonObject,
  clone,
  drop,
  ensureObject,
  equal,
  listAt,
  numberAt,
  objectAt,
  objectsAt,
  textAt,
} from '../json/tree.js';
import { goTexts } from '../json/go.js';
import { invalidShown, invalidValue, required } from '../kinds/validation/field.js';
import { addressProblems } from '../kinds/validation/address.js';
import { pathSegment } from '../kinds/validation/name.js';
import type { Backend } from '../requests/backend.js';

const service = { group: '', kind: 'Service' };

/** Gives a service its address and its node ports, or keeps those of `old`. Refuses addresses and ports that are taken or out of range. */
export function allocateService(backend: Backend, object: JsonObject, old: JsonObject | undefined): void {
  const spec = ensureObject(object, 'spec');
  const name = textAt(object, 'metadata', 'name') ?? '';
  const uid = textAt(object, 'metadata', 'uid') ?? '';
  const others = backend.store.list('services').objects.filter((other) => textAt(other, 'metadata', 'uid') !== uid);
  if (textAt(spec, 'type') === 'ExternalName') {
    for (const field of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy']) {
      drop(spec, field);
    }
    return;
  }
  allocateAddress(backend, spec, old, others, name);
  const used = new Set(others.flatMap(portsOf));
  allocatePorts(backend, spec, old, used, name);
  allocateHealthPort(backend, spec, old, used);
}

/** The ports of nodes that a service has. */
const portsOf = (object: JsonObject): readonly number[] => [
  ...objectsAt(object, 'spec', 'ports').map((port) => numberAt(port, 'nodePort') ?? 0),
  numberAt(object, 'spec', 'healthCheckNodePort') ?? 0,
];

const isFull = ({ network }: Backend, what: string): KubeError =>
  new KubeError(
    500,
    'InternalError',
    `failed to allocate ${what}: range ${network.ports.low}-${network.ports.high} is full`,
  );

/** Whether a load balancer has to ask which nodes have endpoints. */
export const asksNodes = (spec: JsonObject | undefined): boolean =>
  textAt(spec, 'type') === 'LoadBalancer' && textAt(spec, 'externalTrafficPolicy') === 'Local';

function allocateHealthPort(
  backend: Backend,
  spec: JsonObject,
  old: JsonObject | undefined,
  used: ReadonlySet<number>,
): void {
  if (!asksNodes(spec) || (numberAt(spec, 'healthCheckNodePort') ?? 0) !== 0) return;
  const before = asksNodes(objectAt(old, 'spec')) ? numberAt(old, 'spec', 'healthCheckNodePort') : undefined;
  const port = before ?? backend.network.nextPort(used);
  if (port === undefined) throw isFull(backend, 'a HealthCheck NodePort');
  spec['healthCheckNodePort'] = port;
}

function allocateAddress(
  backend: Backend,
  spec: JsonObject,
  old: JsonObject | undefined,
  others: readonly JsonObject[],
  name: string,
): void {
  const asked = textAt(spec, 'clusterIP') ?? String(listAt(spec, 'clusterIPs')[0] ?? '');
  const before = textAt(old, 'spec', 'clusterIP') ?? '';
  const used = new Set(others.map((other) => textAt(other, 'spec', 'clusterIP') ?? ''));
  let address = asked !== '' ? asked : before;
  // What is no address is refused as such.
  if (address !== 'None' && address !== '' && addressProblems(address).length > 0) return;
  if (address !== '' && address !== 'None' && address !== before) {
    const refuse = (why: string): KubeError =>
      invalid(service, name, [invalidShown('spec.clusterIPs', goTexts([address]), why)]);
    if (!backend.network.includes(address)) {
      throw refuse(`failed to allocate IP ${address}: the provided network does not match the current range`);
    }
    if (used.has(address)) throw refuse(`failed to allocate IP ${address}: provided IP is already allocated`);
  }
  if (address === '') {
    address = backend.network.nextAddress(used) ?? '';
    if (address === '') {
      throw new KubeError(
        500,
        'InternalError',
        `failed to allocate a serviceIP: range ${backend.network.cidr} is full`,
      );
    }
    checkHolder(address, name);
  }
  spec['clusterIP'] = address;
  spec['clusterIPs'] = [address];
  spec['ipFamilies'] ??= ['IPv4'];
  spec['ipFamilyPolicy'] ??= 'SingleStack';
}

function allocatePorts(
  backend: Backend,
  spec: JsonObject,
  old: JsonObject | undefined,
  used: Set<number>,
  name: string,
): void {
  const type = textAt(spec, 'type');
  const wanted = type === 'NodePort' || (type === 'LoadBalancer' && spec['allocateLoadBalancerNodePorts'] !== false);
  if (!wanted) return;
  const before = objectsAt(old, 'spec', 'ports');
  const { low, high } = backend.network.ports;
  objectsAt(spec, 'ports').forEach((port, index) => {
    const asked = numberAt(port, 'nodePort') ?? 0;
    const field = `spec.ports[${index}].nodePort`;
    if (asked !== 0) {
      if (asked < low || asked > high) {
        throw invalid(service, name, [
          invalidValue(
            field,
            asked,
            `provided port is not in the valid range. The range of valid ports is ${low}-${high}`,
          ),
        ]);
      }
      if (used.has(asked))
        throw invalid(service, name, [invalidValue(field, asked, 'provided port is already allocated')]);
      used.add(asked);
      return;
    }
    const same = before.find((other) => other['port'] === port['port'] && other['protocol'] === port['protocol']);
    const number = numberAt(same, 'nodePort') ?? backend.network.nextPort(used);
    if (number === undefined) throw isFull(backend, 'a nodePort');
    used.add(number);
    port['nodePort'] = number;
  });
}

/** An address is written down with the name of its service, which the real server does before it looks at the service itself. */
function checkHolder(address: string, name: string): void {
  const field = 'spec.parentRef.name';
  const problems = name === '' ? [required(field)] : pathSegment(name).map((why) => invalidValue(field, name, why));
  if (problems.length === 0) return;
  const { message } = invalid({ group: 'networking.k8s.io', kind: 'IPAddress' }, address, problems);
  const why = `failed to allocate a serviceIP: ${message}`;
  throw new KubeError(500, 'InternalError', `Internal error occurred: ${why}`, {
    details: { causes: [{ message: why }] },
  });
}

/** A service of another type than before loses what only the type before has, where its client merely repeated it. */
export function dropTypeFields(object: JsonObject, old: JsonObject): void {
  const type = textAt(object, 'spec', 'type');
  const spec = ensureObject(object, 'spec');
  const same = (field: string): boolean => equal(spec[field], objectAt(old, 'spec')?.[field]);
  if (asksNodes(objectAt(old, 'spec')) && !asksNodes(spec) && same('healthCheckNodePort')) {
    delete spec['healthCheckNodePort'];
  }
  if (type === textAt(old, 'spec', 'type')) return;
  if (type === 'ClusterIP' || type === 'ExternalName') {
    const before = objectsAt(old, 'spec', 'ports');
    if (spec['ports'] !== undefined) {
      spec['ports'] = objectsAt(object, 'spec', 'ports').map((port) => {
        const copy = clone(port);
        if (before.some((other) => other['nodePort'] === copy['nodePort'])) delete copy['nodePort'];
        return copy;
      });
    }
    if (same('externalTrafficPolicy') && listAt(spec, 'externalIPs').length === 0) delete spec['externalTrafficPolicy'];
    if (same('allocateLoadBalancerNodePorts')) delete spec['allocateLoadBalancerNodePorts'];
  }
  if (type !== 'ExternalName') return;
  for (const field of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy']) {
    if (same(field)) drop(spec, field);
  }
}
