import { type JsonObject, ensureObject, objectAt, objectsAt, setDefault } from '../../json/tree.js';

/** What says which requests a webhook or a policy is about. */
function matchDefaults(match: JsonObject, rules: string): void {
  setDefault(match, 'matchPolicy', 'Equivalent');
  ensureObject(match, 'namespaceSelector');
  ensureObject(match, 'objectSelector');
  for (const rule of objectsAt(match, rules)) setDefault(rule, 'scope', '*');
}

const webhookDefaults = (configuration: JsonObject, more: JsonObject = {}): void => {
  for (const webhook of objectsAt(configuration, 'webhooks')) {
    matchDefaults(webhook, 'rules');
    setDefault(webhook, 'failurePolicy', 'Fail');
    setDefault(webhook, 'timeoutSeconds', 10);
    for (const [field, value] of Object.entries(more)) setDefault(webhook, field, value);
    const service = objectAt(webhook, 'clientConfig', 'service');
    if (service) setDefault(service, 'port', 443);
  }
};

/** Kinds by which a cluster is extended and held in check. */
export const extensionDefaults: Readonly<Record<string, (object: JsonObject) => void>> = {
  'validatingwebhookconfigurations.admissionregistration.k8s.io': (object) => webhookDefaults(object),
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': (object) =>
    webhookDefaults(object, { reinvocationPolicy: 'Never' }),
  'validatingadmissionpolicies.admissionregistration.k8s.io': (object) => {
    const spec = ensureObject(object, 'spec');
    setDefault(spec, 'failurePolicy', 'Fail');
    const constraints = objectAt(spec, 'matchConstraints');
    if (!constraints) return;
    matchDefaults(constraints, 'resourceRules');
    for (const rule of objectsAt(constraints, 'excludeResourceRules')) setDefault(rule, 'scope', '*');
  },
  'apiservices.apiregistration.k8s.io': (object) => {
    const service = objectAt(object, 'spec', 'service');
    if (service) setDefault(service, 'port', 443);
  },
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': (object) => {
    const limited = objectAt(object, 'spec', 'limited');
    if (!limited) return;
    setDefault(limited, 'nominalConcurrencyShares', 30);
    setDefault(limited, 'lendablePercent', 0);
  },
};
