import {
  type JsonObject,
  ensureObject,
  listAt,
  numberAt,
  objectAt,
  objectsAt,
  setDefault,
  textAt,
} from '../../json/tree.js';

function service(object: JsonObject): void {
  const spec = ensureObject(object, 'spec');
  setDefault(spec, 'sessionAffinity', 'None');
  setDefault(spec, 'type', 'ClusterIP');
  if (spec['sessionAffinity'] === 'None') delete spec['sessionAffinityConfig'];
  if (
    spec['sessionAffinity'] === 'ClientIP' &&
    numberAt(spec, 'sessionAffinityConfig', 'clientIP', 'timeoutSeconds') === undefined
  ) {
    spec['sessionAffinityConfig'] = { clientIP: { timeoutSeconds: 10800 } };
  }
  for (const port of objectsAt(spec, 'ports')) {
    setDefault(port, 'protocol', 'TCP');
    if (port['targetPort'] === 0 || port['targetPort'] === '') delete port['targetPort'];
    const number = port['port'];
    if (number !== undefined) setDefault(port, 'targetPort', number);
  }
  const type = textAt(spec, 'type');
  const external =
    type === 'NodePort' || type === 'LoadBalancer' || (type === 'ClusterIP' && listAt(spec, 'externalIPs').length > 0);
  if (external) setDefault(spec, 'externalTrafficPolicy', 'Cluster');
  if (type !== 'ExternalName') setDefault(spec, 'internalTrafficPolicy', 'Cluster');
  if (type === 'LoadBalancer') setDefault(spec, 'allocateLoadBalancerNodePorts', true);
  const status = ensureObject(object, 'status');
  setDefault(status, 'loadBalancer', {});
  if (type !== 'LoadBalancer') return;
  for (const ingress of objectsAt(status, 'loadBalancer', 'ingress')) {
    if ((textAt(ingress, 'ip') ?? '') !== '') setDefault(ingress, 'ipMode', 'VIP');
  }
}

export const serviceDefaults: Readonly<Record<string, (object: JsonObject) => void>> = {
  services: service,
  endpoints: (object) => {
    for (const subset of objectsAt(object, 'subsets')) {
      for (const port of objectsAt(subset, 'ports')) setDefault(port, 'protocol', 'TCP');
    }
  },
  'endpointslices.discovery.k8s.io': (object) => {
    for (const port of objectsAt(object, 'ports')) {
      setDefault(port, 'name', '');
      setDefault(port, 'protocol', 'TCP');
    }
  },
  'ingresses.networking.k8s.io': (object) => {
    setDefault(ensureObject(object, 'status'), 'loadBalancer', {});
  },
  'ingressclasses.networking.k8s.io': (object) => {
    const parameters = objectAt(object, 'spec', 'parameters');
    if (parameters) setDefault(parameters, 'scope', 'Cluster');
  },
  'networkpolicies.networking.k8s.io': (object) => {
    const spec = ensureObject(object, 'spec');
    for (const direction of ['ingress', 'egress']) {
      for (const rule of objectsAt(spec, direction)) {
        for (const port of objectsAt(rule, 'ports')) setDefault(port, 'protocol', 'TCP');
      }
    }
    if (listAt(spec, 'policyTypes').length === 0) {
      spec['policyTypes'] = listAt(spec, 'egress').length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
    }
  },
};
