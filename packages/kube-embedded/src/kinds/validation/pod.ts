import { parseQuantity } from '@kmd/kube-client';
import type { Cause } from '../../errors.js';
import { type Json, type JsonObject, clone, equal, numberAt, objectAt, objectsAt, textAt } from '../../json/tree.js';
import { duplicate, forbiddenField, invalidShown, invalidValue, missing, required, unsupported } from './field.js';
import { validateLabels } from './metadata.js';
import { dnsLabel, dnsSubdomain, environmentName, portName } from './name.js';
import { notNegative } from './number.js';

const protocols = ['SCTP', 'TCP', 'UDP'];
const portRange = 'must be between 1 and 65535, inclusive';

export const isPort = (value: Json | undefined): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65535;

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

function validateProbe(probe: JsonObject | undefined, path: string): Cause[] {
  if (!probe) return [];
  const causes = probeHandlers(probe, path);
  causes.push(
    ...notNegative(
      probe,
      path,
      'initialDelaySeconds',
      'timeoutSeconds',
      'periodSeconds',
      'successThreshold',
      'failureThreshold',
    ),
  );
  const successes = numberAt(probe, 'successThreshold') ?? 1;
  if (!path.endsWith('.readinessProbe') && successes !== 1) {
    causes.push(invalidValue(`${path}.successThreshold`, successes, 'must be 1'));
  }
  return causes;
}

function probeHandlers(probe: JsonObject, path: string): Cause[] {
  const handlers = ['exec', 'httpGet', 'tcpSocket', 'grpc'].filter((name) => probe[name] !== undefined);
  if (handlers.length === 0) return [required(path, 'must specify a handler type')];
  return handlers.slice(1).map((name) => forbiddenField(`${path}.${name}`, 'may not specify more than 1 handler type'));
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
    if ((textAt(variable, 'value') ?? '') !== '' && variable['valueFrom'] !== undefined) {
      causes.push(invalidValue(`${here}.valueFrom`, '', 'may not be specified when `value` is not empty'));
    }
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
  });
  causes.push(...validateResources(container, path));
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    causes.push(...validateProbe(objectAt(container, probe), `${path}.${probe}`));
  }
  return causes;
}

/** Rules of a pod's specification, wherever it stands. `restarts` are the restart policies that its owner allows. */
export function validatePodSpec(
  spec: JsonObject | undefined,
  path: string,
  restarts: readonly string[] = ['Always', 'OnFailure', 'Never'],
): Cause[] {
  const causes: Cause[] = [];
  const volumes = new Set<string>();
  objectsAt(spec, 'volumes').forEach((volume, index) => {
    const here = `${path}.volumes[${index}]`;
    const name = textAt(volume, 'name') ?? '';
    if (name === '') causes.push(required(`${here}.name`));
    else {
      for (const problem of dnsLabel(name)) causes.push(invalidValue(`${here}.name`, name, problem));
      if (volumes.has(name)) causes.push(duplicate(`${here}.name`, name));
    }
    volumes.add(name);
    if (objectAt(volume, 'secret') && (textAt(volume, 'secret', 'secretName') ?? '') === '') {
      causes.push(required(`${here}.secret.secretName`));
    }
    const sources = Object.keys(volume).filter((key) => key !== 'name');
    for (const source of sources.slice(1)) {
      causes.push(forbiddenField(`${here}.${source}`, 'may not specify more than 1 volume type'));
    }
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
      const key = `${textAt(port, 'protocol') ?? ''}/${textAt(port, 'hostIP') ?? ''}/${number}`;
      if (hostPorts.has(key)) causes.push(duplicate(`${path}.containers[${index}].ports[${portIndex}].hostPort`, key));
      hostPorts.add(key);
    });
  });
  const restart = textAt(spec, 'restartPolicy') ?? '';
  if (!restarts.includes(restart)) causes.push(unsupported(`${path}.restartPolicy`, restart, restarts));
  const dns = textAt(spec, 'dnsPolicy') ?? '';
  const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
  if (!dnsPolicies.includes(dns)) causes.push(unsupported(`${path}.dnsPolicy`, dns, dnsPolicies));
  causes.push(...validatePlacement(spec, path));
  const node = textAt(spec, 'nodeName') ?? '';
  if (node !== '')
    for (const problem of dnsSubdomain(node)) causes.push(invalidValue(`${path}.nodeName`, node, problem));
  const account = textAt(spec, 'serviceAccountName') ?? '';
  if (account !== '') {
    for (const problem of dnsSubdomain(account))
      causes.push(invalidValue(`${path}.serviceAccountName`, account, problem));
  }
  const host = textAt(spec, 'hostname') ?? '';
  if (host !== '') for (const problem of dnsLabel(host)) causes.push(invalidValue(`${path}.hostname`, host, problem));
  return causes;
}

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** Effects of taints and of tolerations. */
export const validateTolerationEffect = (effect: string, field: string): Cause[] =>
  effects.includes(effect) ? [] : [unsupported(field, effect, effects)];

const selectorOperators = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'];

/** Where a pod may go, and how long it may run. */
function validatePlacement(spec: JsonObject | undefined, path: string): Cause[] {
  const causes: Cause[] = [...validateLabels(objectAt(spec, 'nodeSelector'), `${path}.nodeSelector`)];
  const user = numberAt(spec, 'securityContext', 'runAsUser');
  if (user !== undefined && (user < 0 || user > 2147483647)) {
    causes.push(invalidValue(`${path}.securityContext.runAsUser`, user, 'must be between 0 and 2147483647, inclusive'));
  }
  const terms = 'nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms';
  objectsAt(spec, 'affinity', ...terms.split('.')).forEach((term, index) => {
    objectsAt(term, 'matchExpressions').forEach((expression, place) => {
      const operator = textAt(expression, 'operator') ?? '';
      if (selectorOperators.includes(operator)) return;
      const field = `${path}.affinity.${terms}[${index}].matchExpressions[${place}].operator`;
      causes.push(invalidValue(field, operator, 'not a valid selector operator'));
    });
  });
  const deadline = numberAt(spec, 'activeDeadlineSeconds');
  if (deadline !== undefined && (deadline < 1 || deadline > 2147483647)) {
    causes.push(invalidValue(`${path}.activeDeadlineSeconds`, deadline, 'must be between 1 and 2147483647, inclusive'));
  }
  objectsAt(spec, 'tolerations').forEach((toleration, index) => {
    const here = `${path}.tolerations[${index}]`;
    const text = (field: string): string => textAt(toleration, field) ?? '';
    if (text('key') === '' && text('operator') !== 'Exists') {
      causes.push(
        invalidValue(
          `${here}.operator`,
          text('operator'),
          'operator must be Exists when `key` is empty, which means "match all values and all keys"',
        ),
      );
    }
    if (text('effect') !== '') causes.push(...validateTolerationEffect(text('effect'), `${here}.effect`));
  });
  objectsAt(spec, 'topologySpreadConstraints').forEach((constraint, index) => {
    const here = `${path}.topologySpreadConstraints[${index}]`;
    const skew = numberAt(constraint, 'maxSkew') ?? 0;
    if (skew <= 0) causes.push(invalidValue(`${here}.maxSkew`, skew, 'must be greater than zero'));
    if ((textAt(constraint, 'topologyKey') ?? '') === '') {
      causes.push(required(`${here}.topologyKey`, 'can not be empty'));
    }
    const actions = ['DoNotSchedule', 'ScheduleAnyway'];
    const action = textAt(constraint, 'whenUnsatisfiable') ?? '';
    if (!actions.includes(action)) causes.push(unsupported(`${here}.whenUnsatisfiable`, action, actions));
  });
  return causes;
}

export const validatePod = (pod: JsonObject): Cause[] => validatePodSpec(objectAt(pod, 'spec'), 'spec');

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
