import { type JsonObject, objectAt, objectsAt, textAt } from '../../json/tree.js';
import { warnOfKeyPair } from './key-pair.js';
import { ranges } from './network.js';
import { warnOfLabels, warnOfNodeSelector, warnOfTerm } from './node-labels.js';
import { warnOfClaim, warnOfSource } from './pod.js';
import { type Warner, both, warnOfNote } from './warner.js';

const oldClass = 'volume.beta.kubernetes.io/storage-class';
const useClass = 'deprecated since v1.8; use "storageClassName" attribute instead';
const oldOptions = 'volume.beta.kubernetes.io/mount-options';
const useOptions = 'deprecated since v1.31; use "mountOptions" attribute instead';
const recycle =
  'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.';

function warnOfVolume(volume: JsonObject): readonly string[] {
  const terms = 'spec.nodeAffinity.required.nodeSelectorTerms';
  return [
    ...warnOfNote(volume, oldClass, useClass),
    ...warnOfNote(volume, oldOptions, useOptions),
    ...(textAt(volume, 'spec', 'persistentVolumeReclaimPolicy') === 'Recycle' ? [recycle] : []),
    ...objectsAt(volume, ...terms.split('.')).flatMap((term, index) => warnOfTerm(term, `${terms}[${index}]`, false)),
    ...warnOfSource(objectAt(volume, 'spec'), 'spec'),
  ];
}

const warnOfClass = (storageClass: JsonObject): readonly string[] =>
  objectsAt(storageClass, 'allowedTopologies').flatMap((topology, index) =>
    objectsAt(topology, 'matchLabelExpressions').flatMap((expression, place) => {
      const field = `allowedTopologies[${index}].matchLabelExpressions[${place}].key`;
      return warnOfLabels({ [textAt(expression, 'key') ?? '']: '' }, () => field);
    }),
  );

const warnOfNode = (node: JsonObject): readonly string[] => [
  ...(objectAt(node, 'spec', 'configSource') ? ['spec.configSource: the feature is removed'] : []),
  ...((textAt(node, 'spec', 'externalID') ?? '') === ''
    ? []
    : ['spec.externalID: this field is deprecated, and is unused by Kubernetes']),
  ...ranges(node, 'spec.podCIDRs'),
];

const mountable = 'kubernetes.io/enforce-mountable-secrets';
const isolate = 'deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets';
const warnOfAccount = (account: JsonObject): readonly string[] => warnOfNote(account, mountable, isolate);

export const clusterWarners: Readonly<Record<string, Warner>> = {
  nodes: both(warnOfNode),
  persistentvolumes: both(warnOfVolume),
  persistentvolumeclaims: both((claim) => [
    ...warnOfNote(claim, oldClass, useClass),
    ...warnOfClaim(objectAt(claim, 'spec'), 'spec'),
  ]),
  secrets: both(warnOfKeyPair),
  serviceaccounts: {
    created: warnOfAccount,
    updated: (account, old) => (warnOfAccount(old).length > 0 ? [] : warnOfAccount(account)),
  },
  'storageclasses.storage.k8s.io': both(warnOfClass),
  'csistoragecapacities.storage.k8s.io': both((capacity) =>
    warnOfNodeSelector(objectAt(capacity, 'nodeTopology'), 'nodeTopology'),
  ),
  'runtimeclasses.node.k8s.io': both((runtime) =>
    warnOfLabels(objectAt(runtime, 'scheduling', 'nodeSelector'), () => 'scheduling.nodeSelector'),
  ),
};
