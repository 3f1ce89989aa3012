import { parseQuantity } from '@kmd/kube-client';
import type { Cause } from '../../errors.js';
import { type JsonObject, clone, equal, listAt, numberAt, objectAt, objectsAt, textAt } from '../../json/tree.js';
import { duplicate, forbiddenField, invalidShown, invalidValue, missing, required, unsupported } from './field.js';
import { addressProblems } from './address.js';
import { isPort, validateHooks, validateInitial, validateProbes } from './handlers.js';
import { dnsLabel, dnsSubdomain, environmentName, portName, qualified } from './name.js';
import { validatePlacement } from './placement.js';

const protocols = ['SCTP', 'TCP', 'UDP'];
const portRange = 'must be between 1 and 65535, inclusive';

/** Container resources that are known without a domain. */
const standardResources = /^(cpu|memory|ephemeral-storage|hugepages-.+)$/;

function validateResources(container: JsonObject, path: string): Cause[] {
  const causes: Cause[] = [];
  const limits = objectAt(container, 'resources', 'limits') ?? {};
  const requests = objectAt(container, 'resources', 'requests') ?? {};
  for (const [part, values] of [
    ['limits', limits],
    ['requests', requests],
  ] as const) {
    for (const [name, value] of Object.entries(values)) {
      const field = `${path}.resources.${part}`;
      if (!standardResources.test(name) && !name.includes('/')) {
        causes.push(invalidShown(`${field}[${name}]`, name, 'must be a standard resource type or fully qualified'));
        causes.push(invalidShown(`${field}[${name}]`, name, 'must be a standard resource for containers'));
      }
      if (parseQuantity(String(value)) < 0) {
        causes.push(invalidValue(`${field}[${name}]`, value, 'must be greater than or equal to 0'));
      }
    }
  }
  for (const [name, value] of Object.entries(requests)) {
    const limit = limits[name];
    if (limit !== undefined && parseQuantity(String(value)) > parseQuantity(String(limit))) {
      causes.push(
        invalidValue(
          `${path}.resources.requests`,
          value,
          `must be less than or equal to ${name} limit of ${String(limit)}`,
        ),
      );
    }
  }
  return causes;
}

/** What an environment variable may be taken from. */
const downward =
  /^(metadata\.(name|namespace|uid|labels|annotations)|metadata\.(labels|annotations)\['[^']+'\]|spec\.(nodeName|serviceAccountName|restartPolicy|schedulerName)|status\.(phase|hostIPs?|podIPs?))$/;

function validateContainer(container: JsonObject, path: string, volumes: ReadonlySet<string>): Cause[] {
  const causes: Cause[] = [];
  const name = textAt(container, 'name') ?? '';
  if (name === '') causes.push(required(`${path}.name`));
  else for (const problem of dnsLabel(name)) causes.push(invalidValue(`${path}.name`, name, problem));
  const image = textAt(container, 'image') ?? '';
  if (image === '') causes.push(required(`${path}.image`));
  else if (image !== image.trim()) {
    causes.push(invalidValue(`${path}.image`, image, 'must not have leading or trailing whitespace'));
  }
  const policy = textAt(container, 'imagePullPolicy') ?? '';
  if (!['Always', 'IfNotPresent', 'Never'].includes(policy)) {
    causes.push(unsupported(`${path}.imagePullPolicy`, policy, ['Always', 'IfNotPresent', 'Never']));
  }
  const portNames = new Set<string>();
  objectsAt(container, 'ports').forEach((port, index) => {
    const here = `${path}.ports[${index}]`;
    const named = textAt(port, 'name') ?? '';
    if (named !== '') {
      for (const problem of portName(named)) causes.push(invalidValue(`${here}.name`, named, problem));
      if (portNames.has(named)) causes.push(duplicate(`${here}.name`, named));
      portNames.add(named);
    }
    const number = port['containerPort'];
    if (number === undefined || number === 0) causes.push(required(`${here}.containerPort`));
    else if (!isPort(number)) causes.push(invalidValue(`${here}.containerPort`, number, portRange));
    const host = port['hostPort'];
    if (host !== undefined && host !== 0 && !isPort(host))
      causes.push(invalidValue(`${here}.hostPort`, host, portRange));
    const protocol = textAt(port, 'protocol') ?? '';
    if (!protocols.includes(protocol)) causes.push(unsupported(`${here}.protocol`, protocol, protocols));
  });
  objectsAt(container, 'env').forEach((variable, index) => {
    const here = `${path}.env[${index}]`;
    const named = textAt(variable, 'name') ?? '';
    if (named === '') causes.push(required(`${here}.name`));
    else for (const problem of environmentName(named)) causes.push(invalidValue(`${here}.name`, named, problem));
    const field = textAt(variable, 'valueFrom', 'fieldRef', 'fieldPath');
    if (field !== undefined && !downward.test(field)) {
      const why = `error converting fieldPath: field label not supported: ${field}`;
      causes.push(invalidValue(`${here}.valueFrom.fieldRef.fieldPath`, field, why));
    }
    const source = objectAt(variable, 'valueFrom');
    const refuse = (why: string): void => void causes.push(invalidValue(`${here}.valueFrom`, '', why));
    const from = Object.keys(source ?? {}).length;
    if (source && from === 0) {
      refuse('must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`');
    } else if (source && (textAt(variable, 'value') ?? '') !== '') {
      refuse('may not be specified when `value` is not empty');
    } else if (from > 1) refuse('may not have more than one field specified at a time');
  });
  const mounts = new Set<string>();
  objectsAt(container, 'volumeMounts').forEach((mount, index) => {
    const here = `${path}.volumeMounts[${index}]`;
    const volume = textAt(mount, 'name') ?? '';
    if (volume === '') causes.push(required(`${here}.name`));
    else if (!volumes.has(volume)) causes.push(missing(`${here}.name`, volume));
    const mountPath = textAt(mount, 'mountPath') ?? '';
    if (mountPath === '') causes.push(required(`${here}.mountPath`));
    else if (mounts.has(mountPath)) causes.push(invalidValue(`${here}.mountPath`, mountPath, 'must be unique'));
    mounts.add(mountPath);
    const below = textAt(mount, 'subPath') ?? '';
    const field = `${path}.volumeMounts.subPath`;
    if (below.startsWith('/')) causes.push(invalidValue(field, below, 'must be a relative path'));
    if (below.split('/').includes('..')) causes.push(invalidValue(field, below, "must not contain '..'"));
  });
  causes.push(...validateResources(container, path));
  causes.push(...validateHooks(container, path), ...validateProbes(container, path));
  return causes;
}

const systems = ['linux', 'windows'];

/** Rules of a pod's specification, wherever it stands. `restarts` are the restart policies that its owner allows. */
export function validatePodSpec(
  spec: JsonObject | undefined,
  path: string,
  restarts: readonly string[] = ['Always', 'OnFailure', 'Never'],
): Cause[] {
  const causes: Cause[] = [];
  const volumes = new Set<string>();
  /** Those that nothing is wrong with: only they take their names. */
  const whole = new Set<string>();
  objectsAt(spec, 'volumes').forEach((volume, index) => {
    const here = `${path}.volumes[${index}]`;
    const name = textAt(volume, 'name') ?? '';
    const before = causes.length;
    if (name === '') causes.push(required(`${here}.name`));
    else {
      for (const problem of dnsLabel(name)) causes.push(invalidValue(`${here}.name`, name, problem));
      if (whole.has(name)) causes.push(duplicate(`${here}.name`, name));
    }
    volumes.add(name);
    if (objectAt(volume, 'secret') && (textAt(volume, 'secret', 'secretName') ?? '') === '') {
      causes.push(required(`${here}.secret.secretName`));
    }
    const sources = Object.keys(volume).filter((key) => key !== 'name');
    for (const source of sources.slice(1)) {
      causes.push(forbiddenField(`${here}.${source}`, 'may not specify more than 1 volume type'));
    }
    if (causes.length === before) whole.add(name);
  });
  const names = new Set<string>();
  const containers = objectsAt(spec, 'containers');
  if (containers.length === 0) causes.push(required(`${path}.containers`));
  for (const list of ['containers', 'initContainers']) {
    objectsAt(spec, list).forEach((container, index) => {
      const here = `${path}.${list}[${index}]`;
      causes.push(...validateContainer(container, here, volumes));
      const name = textAt(container, 'name') ?? '';
      if (name !== '' && names.has(name)) causes.push(duplicate(`${here}.name`, name));
      names.add(name);
    });
  }
  const hostPorts = new Set<string>();
  containers.forEach((container, index) => {
    objectsAt(container, 'ports').forEach((port, portIndex) => {
      const number = numberAt(port, 'hostPort') ?? 0;
      if (number === 0) return;
      const field = `${path}.containers[${index}].ports[${portIndex}].hostPort`;
      if (spec?.['hostNetwork'] === true && number !== port['containerPort']) {
        causes.push(invalidValue(field, number, 'must match `containerPort` when `hostNetwork` is true'));
      }
      const key = `${textAt(port, 'protocol') ?? ''}/${textAt(port, 'hostIP') ?? ''}/${number}`;
      if (hostPorts.has(key)) causes.push(duplicate(field, key));
      hostPorts.add(key);
    });
  });
  objectsAt(spec, 'initContainers').forEach((container, index) => {
    causes.push(...validateInitial(container, `${path}.initContainers[${index}]`));
  });
  const restart = textAt(spec, 'restartPolicy') ?? '';
  if (!restarts.includes(restart)) causes.push(unsupported(`${path}.restartPolicy`, restart, restarts));
  const dns = textAt(spec, 'dnsPolicy') ?? '';
  const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
  if (!dnsPolicies.includes(dns)) causes.push(unsupported(`${path}.dnsPolicy`, dns, dnsPolicies));
  causes.push(...validateLimits(spec, path), ...validateGates(spec, path), ...validatePlacement(spec, path));
  if (spec?.['shareProcessNamespace'] === true && spec['hostPID'] === true) {
    const why = 'ShareProcessNamespace and HostPID cannot both be enabled';
    causes.push(invalidValue(`${path}.securityContext.shareProcessNamespace`, true, why));
  }
  const node = textAt(spec, 'nodeName') ?? '';
  if (node !== '')
    for (const problem of dnsSubdomain(node)) causes.push(invalidValue(`${path}.nodeName`, node, problem));
  const account = textAt(spec, 'serviceAccountName') ?? '';
  if (account !== '') {
    for (const problem of dnsSubdomain(account))
      causes.push(invalidValue(`${path}.serviceAccountName`, account, problem));
  }
  causes.push(...validateNetwork(spec, path));
  const os = textAt(spec, 'os', 'name');
  if (os !== undefined && !systems.includes(os)) causes.push(unsupported(`${path}.os`, os, systems));
  return causes;
}

/** Numbers of users and groups, and how long a pod may run. */
function validateLimits(spec: JsonObject | undefined, path: string): Cause[] {
  const within = (value: unknown, least: number, field: string): Cause[] =>
    typeof value === 'number' && (value < least || value > 2147483647)
      ? [invalidValue(`${path}.${field}`, value, `must be between ${least} and 2147483647, inclusive`)]
      : [];
  const context = objectAt(spec, 'securityContext');
  return [
    ...['fsGroup', 'runAsUser', 'runAsGroup'].flatMap((id) => within(context?.[id], 0, `securityContext.${id}`)),
    ...listAt(context, 'supplementalGroups').flatMap((id, index) =>
      within(id, 0, `securityContext.supplementalGroups[${index}]`),
    ),
    ...within(spec?.['activeDeadlineSeconds'], 1, 'activeDeadlineSeconds'),
  ];
}

/** What a pod waits for before it is scheduled, and before it is ready. */
function validateGates(spec: JsonObject | undefined, path: string): Cause[] {
  const causes: Cause[] = [];
  objectsAt(spec, 'readinessGates').forEach((gate, index) => {
    const type = textAt(gate, 'conditionType') ?? '';
    const field = `${path}.readinessGates[${index}].conditionType`;
    for (const problem of qualified(type)) causes.push(invalidValue(field, type, problem));
  });
  const names = objectsAt(spec, 'schedulingGates').map((gate) => textAt(gate, 'name') ?? '');
  names.forEach((name, index) => {
    if (names.indexOf(name) < index) causes.push(duplicate(`${path}.schedulingGates[${index}]`, name));
  });
  return causes;
}

/** What a pod's network is called, and whom it asks for names. */
function validateNetwork(spec: JsonObject | undefined, path: string): Cause[] {
  const causes: Cause[] = [];
  for (const field of ['hostname', 'subdomain']) {
    const name = textAt(spec, field) ?? '';
    if (name !== '') for (const problem of dnsLabel(name)) causes.push(invalidValue(`${path}.${field}`, name, problem));
  }
  objectsAt(spec, 'hostAliases').forEach((alias, index) => {
    const here = `${path}.hostAliases[${index}]`;
    const ip = textAt(alias, 'ip') ?? '';
    for (const problem of addressProblems(ip)) causes.push(invalidValue(`${here}.ip`, ip, problem));
    listAt(alias, 'hostnames').forEach((name, place) => {
      const field = `${here}.hostnames[${place}]`;
      for (const problem of dnsSubdomain(String(name))) causes.push(invalidValue(field, name, problem));
    });
  });
  if (textAt(spec, 'dnsPolicy') === 'None') {
    const config = objectAt(spec, 'dnsConfig');
    const why = (what: string): string => `must provide ${what} when \`dnsPolicy\` is None`;
    if (!config) causes.push(required(`${path}.dnsConfig`, why('`dnsConfig`')));
    else if (listAt(config, 'nameservers').length === 0) {
      causes.push(required(`${path}.dnsConfig.nameservers`, why('at least one DNS nameserver')));
    }
  }
  return causes;
}

const validatePod = (pod: JsonObject): Cause[] => validatePodSpec(objectAt(pod, 'spec'), 'spec');

/** A new pod. */
export function validateNewPod(pod: JsonObject): Cause[] {
  const causes = validatePod(pod);
  if (listAt(pod, 'spec', 'ephemeralContainers').length > 0) {
    causes.push(forbiddenField('spec.ephemeralContainers', 'cannot be set on create'));
  }
  if (listAt(pod, 'spec', 'schedulingGates').length > 0 && (textAt(pod, 'spec', 'nodeName') ?? '') !== '') {
    causes.push(forbiddenField('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'));
  }
  return causes;
}

export const validatePodTemplate = (object: JsonObject): Cause[] =>
  validatePodSpec(objectAt(object, 'template', 'spec'), 'template.spec', ['Always', 'OnFailure', 'Never']);

const updatable =
  'spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** A pod's specification is settled at its creation, but for the fields that the message names. */
export function validatePodUpdate(pod: JsonObject, old: JsonObject): Cause[] {
  const causes = validatePod(pod);
  for (const list of ['containers', 'initContainers']) {
    if (objectsAt(pod, 'spec', list).length !== objectsAt(old, 'spec', list).length) {
      return [...causes, forbiddenField(`spec.${list}`, 'pod updates may not add or remove containers')];
    }
  }
  const settled = (object: JsonObject): JsonObject => {
    const spec = clone(objectAt(object, 'spec') ?? {});
    for (const list of ['containers', 'initContainers'])
      for (const container of objectsAt(spec, list)) delete container['image'];
    delete spec['activeDeadlineSeconds'];
    delete spec['schedulingGates'];
    delete spec['tolerations'];
    if ((numberAt(object, 'spec', 'terminationGracePeriodSeconds') ?? 0) <= 1) {
      delete spec['terminationGracePeriodSeconds'];
    }
    return spec;
  };
  const gates = objectsAt(old, 'spec', 'schedulingGates');
  objectsAt(pod, 'spec', 'schedulingGates').forEach((gate, index) => {
    if (gates.some((other) => equal(other, gate))) return;
    causes.push(
      forbiddenField(`spec.schedulingGates[${index}].name`, 'only deletion is allowed, but found new scheduling gate'),
    );
  });
  const deadline = numberAt(pod, 'spec', 'activeDeadlineSeconds');
  const before = numberAt(old, 'spec', 'activeDeadlineSeconds');
  if (before !== undefined && deadline === undefined) {
    causes.push(
      invalidValue('spec.activeDeadlineSeconds', null, 'must not update from a positive integer to nil value'),
    );
  } else if (before !== undefined && deadline !== undefined && deadline > before) {
    causes.push(invalidValue('spec.activeDeadlineSeconds', deadline, 'must be less than or equal to previous value'));
  }
  if (!equal(settled(pod), settled(old))) {
    causes.push(forbiddenField('spec', `pod updates may not change fields other than \`${updatable}`));
  }
  const kept = objectsAt(pod, 'spec', 'tolerations');
  for (const toleration of objectsAt(old, 'spec', 'tolerations')) {
    if (!kept.some((other) => equal({ ...other, tolerationSeconds: 0 }, { ...toleration, tolerationSeconds: 0 }))) {
      causes.push(
        forbiddenField('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds'),
      );
    }
  }
  return causes;
}
