import type { Cause } from '../../errors.js';
import { goIntOrString } from '../../json/go.js';
import { type JsonObject, at, numberAt, objectAt, textAt } from '../../json/tree.js';
import { forbiddenField, invalidShown, invalidValue, required, unsupported, unsupportedShown } from './field.js';
import { dnsLabel } from './name.js';
import { atMostAll, isZero, notNegative, numberOrPercent } from './number.js';

/** How a workload goes from one template to the next. */
export function validateRollout(object: JsonObject): Cause[] {
  const spec = objectAt(object, 'spec') ?? {};
  switch (object['kind']) {
    case 'Deployment':
      return deployment(spec);
    case 'DaemonSet':
      return daemonSet(spec);
    case 'StatefulSet':
      return statefulSet(spec);
    default:
      return notNegative(spec, 'spec', 'minReadySeconds');
  }
}

function deployment(spec: JsonObject): Cause[] {
  const causes: Cause[] = [];
  const type = textAt(spec, 'strategy', 'type') ?? '';
  const rolling = objectAt(spec, 'strategy', 'rollingUpdate');
  if (type === 'Recreate') {
    if (rolling) {
      causes.push(
        forbiddenField('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'"),
      );
    }
  } else if (type !== 'RollingUpdate') {
    const shown = `apps.DeploymentStrategy{Type:${JSON.stringify(type)}, RollingUpdate:(*apps.RollingUpdateDeployment)(nil)}`;
    causes.push(unsupportedShown('spec.strategy', shown, ['Recreate', 'RollingUpdate']));
  } else {
    const path = 'spec.strategy.rollingUpdate';
    const unavailable = rolling?.['maxUnavailable'];
    causes.push(...numberOrPercent(unavailable, `${path}.maxUnavailable`));
    causes.push(...numberOrPercent(rolling?.['maxSurge'], `${path}.maxSurge`));
    if (isZero(unavailable) && isZero(rolling?.['maxSurge'])) {
      causes.push(
        invalidShown(`${path}.maxUnavailable`, goIntOrString(unavailable), 'may not be 0 when `maxSurge` is 0'),
      );
    }
    causes.push(...atMostAll(unavailable, `${path}.maxUnavailable`));
  }
  causes.push(...notNegative(spec, 'spec', 'minReadySeconds', 'revisionHistoryLimit', 'progressDeadlineSeconds'));
  const deadline = numberAt(spec, 'progressDeadlineSeconds');
  if (deadline !== undefined && deadline <= (numberAt(spec, 'minReadySeconds') ?? 0)) {
    causes.push(invalidValue('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds'));
  }
  return causes;
}

function daemonSet(spec: JsonObject): Cause[] {
  const causes = notNegative(spec, 'spec', 'minReadySeconds');
  const type = textAt(spec, 'updateStrategy', 'type') ?? '';
  if (type === 'RollingUpdate') {
    const path = 'spec.updateStrategy.rollingUpdate';
    for (const field of ['maxUnavailable', 'maxSurge']) {
      const value = at(spec, 'updateStrategy', 'rollingUpdate', field);
      causes.push(...numberOrPercent(value, `${path}.${field}`), ...atMostAll(value, `${path}.${field}`));
    }
    const rolling = objectAt(spec, 'updateStrategy', 'rollingUpdate');
    if (isZero(rolling?.['maxUnavailable']) && isZero(rolling?.['maxSurge'])) {
      causes.push(required(`${path}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'));
    }
  } else if (type !== 'OnDelete') {
    const shown = `apps.DaemonSetUpdateStrategy{Type:${JSON.stringify(type)}, RollingUpdate:(*apps.RollingUpdateDaemonSet)(nil)}`;
    causes.push(unsupportedShown('spec.updateStrategy', shown, ['RollingUpdate', 'OnDelete']));
  }
  return [...causes, ...notNegative(spec, 'spec', 'revisionHistoryLimit')];
}

function statefulSet(spec: JsonObject): Cause[] {
  const causes: Cause[] = [];
  const service = textAt(spec, 'serviceName') ?? '';
  if (service !== '')
    for (const problem of dnsLabel(service)) causes.push(invalidValue('spec.serviceName', service, problem));
  const management = textAt(spec, 'podManagementPolicy') ?? '';
  if (!['OrderedReady', 'Parallel'].includes(management)) {
    causes.push(invalidValue('spec.podManagementPolicy', management, "must be 'OrderedReady' or 'Parallel'"));
  }
  const type = textAt(spec, 'updateStrategy', 'type') ?? '';
  if (type === 'RollingUpdate') causes.push(...notNegative(spec, 'spec', 'updateStrategy.rollingUpdate.partition'));
  else if (type !== 'OnDelete') {
    const shown = `apps.StatefulSetUpdateStrategy{Type:${JSON.stringify(type)}, RollingUpdate:(*apps.RollingUpdateStatefulSetStrategy)(nil)}`;
    causes.push(invalidShown('spec.updateStrategy', shown, "must be 'RollingUpdate' or 'OnDelete'"));
  }
  const policies = ['Retain', 'Delete'];
  for (const field of ['whenDeleted', 'whenScaled']) {
    const policy = textAt(spec, 'persistentVolumeClaimRetentionPolicy', field);
    if (policy !== undefined && !policies.includes(policy)) {
      causes.push(unsupported(`spec.persistentVolumeClaimRetentionPolicy.${field}`, policy, policies));
    }
  }
  return [...causes, ...notNegative(spec, 'spec', 'minReadySeconds', 'ordinals.start')];
}
