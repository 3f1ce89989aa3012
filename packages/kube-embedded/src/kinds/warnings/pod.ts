import { type JsonObject, listAt, numberAt, objectAt, objectsAt, textAt } from '../../json/tree.js';
import { warnOfAddress } from './address.js';
import { warnOfFractions } from './fractions.js';
import { oldLabel, warnOfLabels, warnOfTerm } from './node-labels.js';
import { type Placed, warnOfPorts } from './ports.js';
import { warnOfPaths } from './volume-paths.js';

const bytes = ['memory', 'ephemeral-storage'];

const annotations: Readonly<Record<string, string>> = {
  'scheduler.alpha.kubernetes.io/critical-pod': 'non-functional in v1.16+; use the "priorityClassName" field instead',
  'security.alpha.kubernetes.io/sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
  'security.alpha.kubernetes.io/unsafe-sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
};

/** Sources of volumes that are gone. */
const sources: Readonly<Record<string, string>> = {
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  storageOS: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
};

/** Of a volume, or of the specification of a persistent one; both name their source. */
export const warnOfSource = (volume: JsonObject | undefined, field: string): readonly string[] =>
  Object.entries(sources).flatMap(([source, why]) =>
    volume?.[source] === undefined ? [] : [`${field}.${source}: ${why}`],
  );

/** Of a claim's specification: storage comes in whole bytes. */
export const warnOfClaim = (spec: JsonObject | undefined, field: string): readonly string[] =>
  warnOfFractions(spec?.['resources'], `${field}.resources`, ['requests', 'limits'], ['storage']);

function warnOfSpread(spec: JsonObject | undefined, path: string): readonly string[] {
  return objectsAt(spec, 'topologySpreadConstraints').flatMap((constraint, index) => {
    const here = `${path}.topologySpreadConstraints[${index}]`;
    const key = textAt(constraint, 'topologyKey') ?? '';
    const why = oldLabel(key);
    return [
      ...(why === undefined ? [] : [`${here}.topologyKey: ${key} is ${why}`]),
      ...warnOfNothing(constraint, here),
    ];
  });
}

const warnOfNothing = (term: JsonObject | undefined, field: string): readonly string[] =>
  term?.['labelSelector'] === undefined
    ? [`${field}.labelSelector: a null labelSelector results in matching no pod`]
    : [];

function warnOfNodes(spec: JsonObject | undefined, path: string): readonly string[] {
  const affinity = objectAt(spec, 'affinity', 'nodeAffinity');
  const required = 'requiredDuringSchedulingIgnoredDuringExecution';
  const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';
  const here = `${path}.affinity.nodeAffinity`;
  return [
    ...warnOfLabels(objectAt(spec, 'nodeSelector'), (label) => `${path}.nodeSelector[${label}]`),
    ...objectsAt(affinity, required, 'nodeSelectorTerms').flatMap((term, index) =>
      warnOfTerm(term, `${here}.${required}.nodeSelectorTerms[${index}]`, false),
    ),
    ...objectsAt(affinity, preferred).flatMap((term, index) =>
      warnOfTerm(objectAt(term, 'preference') ?? {}, `${here}.${preferred}[${index}].preference`, true),
    ),
  ];
}

function warnOfPods(spec: JsonObject | undefined, path: string): readonly string[] {
  return ['podAffinity', 'podAntiAffinity'].flatMap((kind) => {
    const affinity = objectAt(spec, 'affinity', kind);
    const here = `${path}.affinity.${kind}`;
    const required = 'requiredDuringSchedulingIgnoredDuringExecution';
    const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';
    return [
      ...objectsAt(affinity, required).flatMap((term, index) => warnOfNothing(term, `${here}.${required}[${index}]`)),
      ...objectsAt(affinity, preferred).flatMap((term, index) =>
        warnOfNothing(objectAt(term, 'podAffinityTerm'), `${here}.${preferred}[${index}].podAffinityTerm`),
      ),
    ];
  });
}

/** Values that a list has before: `spec.hostAliases[1].ip: duplicate ip "10.0.0.1"`. */
const warnOfRepeated = (list: readonly JsonObject[], field: string, key: string): readonly string[] => {
  const values = list.map((item) => textAt(item, key) ?? '');
  return values.flatMap((value, index) =>
    values.indexOf(value) < index ? [`${field}[${index}].${key}: duplicate ${key} "${value}"`] : [],
  );
};

const seccompOfPod = 'seccomp.security.alpha.kubernetes.io/pod';
const seccompOfContainer = 'container.seccomp.security.alpha.kubernetes.io/';
const useSeccomp = 'non-functional in v1.27+; use the "seccompProfile" field instead';
export const appArmorOfContainer = 'container.apparmor.security.beta.kubernetes.io/';
export const useAppArmor = 'deprecated since v1.30; use the "appArmorProfile" field instead';

/** Variables that hide one of their name without building on it. */
function warnOfHidden({ value: container, field }: Placed): readonly string[] {
  const names = new Set<string>();
  return objectsAt(container, 'env').flatMap((variable, index) => {
    const name = textAt(variable, 'name') ?? '';
    const value = textAt(variable, 'value') ?? '';
    const before = `$(${name})`;
    const again = names.has(name);
    names.add(name);
    const builds = variable['valueFrom'] === undefined && value !== before && value.includes(before);
    return again && !builds
      ? [`${field}.env[${index}]: hides previous definition of "${name}", which may be dropped when using apply`]
      : [];
  });
}

/** What is odd or old in a pod (`path` is empty) or in the template of one, in the order in which the real server says it. */
export function warnOfPod(holder: JsonObject | undefined, path = ''): readonly string[] {
  if (!holder) return [];
  const spec = objectAt(holder, 'spec');
  const notes = objectAt(holder, 'metadata', 'annotations') ?? {};
  const at = (field: string): string => (path === '' ? field : `${path}.${field}`);
  const here = at('spec');
  const noted = (key: string, why: string): readonly string[] =>
    notes[key] === undefined ? [] : [`${at('metadata.annotations')}[${key}]: ${why}`];
  const volumes = objectsAt(spec, 'volumes');
  const aliases = objectsAt(spec, 'hostAliases');
  const secrets = objectsAt(spec, 'imagePullSecrets');
  const profile = (holds: JsonObject | undefined, kind: string): boolean =>
    objectAt(holds, 'securityContext', kind) !== undefined;
  const containers: readonly Placed[] = ['initContainers', 'containers', 'ephemeralContainers'].flatMap((list) =>
    objectsAt(spec, list).map((value, index) => ({ value, field: `${here}.${list}[${index}]` })),
  );
  return [
    ...warnOfNodes(spec, here),
    ...warnOfSpread(spec, here),
    ...Object.entries(annotations).flatMap(([key, why]) => noted(key, why)),
    ...volumes.flatMap((volume, index) => [
      ...warnOfSource(volume, `${here}.volumes[${index}]`),
      ...warnOfClaim(
        objectAt(volume, 'ephemeral', 'volumeClaimTemplate', 'spec'),
        `${here}.volumes[${index}].ephemeral.volumeClaimTemplate.spec`,
      ),
    ]),
    ...warnOfPaths(volumes),
    ...warnOfRepeated(aliases, `${here}.hostAliases`, 'ip'),
    ...warnOfRepeated(secrets, `${here}.imagePullSecrets`, 'name'),
    ...secrets.flatMap((secret, index) =>
      (textAt(secret, 'name') ?? '') === '' ? [`${here}.imagePullSecrets[${index}].name: invalid empty name ""`] : [],
    ),
    ...warnOfFractions(spec, here, ['overhead'], bytes),
    ...(profile(spec, 'seccompProfile') ? [] : noted(seccompOfPod, useSeccomp)),
    ...containers.flatMap((container) => {
      const name = textAt(container.value, 'name') ?? '';
      // Of pods themselves it is said as the profile is taken from the annotation.
      const armoured = path === '' || [spec, container.value].some((holds) => profile(holds, 'appArmorProfile'));
      return [
        ...(profile(container.value, 'seccompProfile') ? [] : noted(`${seccompOfContainer}${name}`, useSeccomp)),
        ...(armoured ? [] : noted(`${appArmorOfContainer}${name}`, useAppArmor)),
        ...warnOfFractions(container.value['resources'], `${container.field}.resources`, ['limits', 'requests'], bytes),
        ...warnOfHidden(container),
      ];
    }),
    ...warnOfPorts(containers),
    ...((numberAt(spec, 'terminationGracePeriodSeconds') ?? 0) < 0
      ? [`${here}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`]
      : []),
    ...warnOfPods(spec, here),
    ...listAt(spec, 'dnsConfig', 'nameservers').flatMap((server, index) =>
      warnOfAddress(`${here}.dnsConfig.nameservers[${index}]`, String(server)),
    ),
    ...aliases.flatMap((alias, index) => warnOfAddress(`${here}.hostAliases[${index}].ip`, textAt(alias, 'ip') ?? '')),
  ];
}
