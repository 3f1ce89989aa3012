import { parseQuantity } from '@kmd/kube-client';
import type { Cause } from '../../errors.js';
import { goTexts } from '../../json/go.js';
import { type JsonObject, listAt, numberAt, objectAt, objectsAt, textAt } from '../../json/tree.js';
import { rangeProblems } from './address.js';
import { forbiddenField, invalidShown, invalidValue, required, unsupported } from './field.js';
import { validateTolerationEffect } from './placement.js';
import { qualified } from './name.js';
import { atMostAll, numberOrPercent } from './number.js';

export function validateBudget(budget: JsonObject): Cause[] {
  const causes: Cause[] = [];
  const spec = objectAt(budget, 'spec') ?? {};
  if (spec['minAvailable'] !== undefined && spec['maxUnavailable'] !== undefined) {
    causes.push(
      invalidShown('spec', 'policy.PodDisruptionBudgetSpec', 'minAvailable and maxUnavailable cannot be both set'),
    );
  }
  for (const field of ['minAvailable', 'maxUnavailable']) {
    const here = `spec.${field}`;
    causes.push(...numberOrPercent(spec[field], here), ...atMostAll(spec[field], here));
  }
  const policies = ['AlwaysAllow', 'IfHealthyBudget'];
  const policy = textAt(spec, 'unhealthyPodEvictionPolicy');
  if (policy !== undefined && !policies.includes(policy)) {
    causes.push(unsupported('spec.unhealthyPodEvictionPolicy', policy, policies));
  }
  return causes;
}

/** An autoscaler in its second version, as it is stored. */
export function validateScaler(scaler: JsonObject): Cause[] {
  const causes: Cause[] = [];
  const spec = objectAt(scaler, 'spec') ?? {};
  const least = numberAt(spec, 'minReplicas') ?? 1;
  const most = numberAt(spec, 'maxReplicas') ?? 0;
  if (least < 1) causes.push(invalidValue('spec.minReplicas', least, 'must be greater than or equal to 1'));
  if (most < 1) causes.push(invalidValue('spec.maxReplicas', most, 'must be greater than 0'));
  if (most < least) {
    causes.push(invalidValue('spec.maxReplicas', most, 'must be greater than or equal to `minReplicas`'));
  }
  for (const field of ['kind', 'name']) {
    if ((textAt(spec, 'scaleTargetRef', field) ?? '') === '') causes.push(required(`spec.scaleTargetRef.${field}`));
  }
  const metrics = objectsAt(spec, 'metrics');
  metrics.forEach((metric, index) => {
    const percentage = numberAt(metric, 'resource', 'target', 'averageUtilization');
    if (percentage !== undefined && percentage < 1) {
      causes.push(
        invalidValue(`spec.metrics[${index}].resource.target.averageUtilization`, percentage, 'must be greater than 0'),
      );
    }
  });
  if (least === 0 && !metrics.some(({ type }) => type === 'Object' || type === 'External')) {
    causes.push(
      forbiddenField(
        'spec.metrics',
        'must specify at least one Object or External metric to support scaling to zero replicas',
      ),
    );
  }
  return causes;
}

const countable =
  /^(pods|services|replicationcontrollers|resourcequotas|secrets|configmaps|persistentvolumeclaims|services\.(nodeports|loadbalancers)|count\/.+)$/;
const standard =
  /^(cpu|memory|ephemeral-storage|storage|(requests|limits)\.(cpu|memory|ephemeral-storage|storage)|(requests\.|limits\.)?hugepages-.+)$/;
const scopes = [
  'Terminating',
  'NotTerminating',
  'BestEffort',
  'NotBestEffort',
  'PriorityClass',
  'CrossNamespacePodAffinity',
];

/** A quantity as Go's `%#v` shows it. */
function shownQuantity(text: string): string {
  const [, number = '0', suffix = ''] = /^(-?\d+)(m?)/.exec(text) ?? [];
  return `resource.Quantity{i:resource.int64Amount{value:${number}, scale:${suffix === 'm' ? -3 : 0}}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:"${text}", Format:"DecimalSI"}`;
}

export function validateQuota(quota: JsonObject): Cause[] {
  const causes: Cause[] = [];
  for (const [name, amount] of Object.entries(objectAt(quota, 'spec', 'hard') ?? {})) {
    const field = `spec.hard[${name}]`;
    if (!countable.test(name) && !standard.test(name) && !name.includes('/') && !name.includes('storageclass')) {
      causes.push(invalidShown(field, name, 'must be a standard resource type or fully qualified'));
      causes.push(invalidShown(field, name, 'must be a standard resource for quota'));
    }
    const value = parseQuantity(String(amount));
    if (value < 0) causes.push(invalidValue(field, amount, 'must be greater than or equal to 0'));
    else if (countable.test(name) && !Number.isInteger(value)) {
      causes.push(invalidShown(field, shownQuantity(String(amount)), 'must be an integer'));
    }
  }
  const asked = listAt(quota, 'spec', 'scopes');
  if (asked.some((scope) => !scopes.includes(String(scope)))) {
    causes.push(invalidShown('spec.scopes', goTexts(asked, 'core.ResourceQuotaScope'), 'unsupported scope'));
  }
  return causes;
}

export function validateLimits(range: JsonObject): Cause[] {
  return objectsAt(range, 'spec', 'limits').flatMap((item, index) => {
    const here = `spec.limits[${index}]`;
    const type = textAt(item, 'type') ?? '';
    const causes: Cause[] = qualified(type).map((problem) => invalidValue(`${here}.type`, type, problem));
    const amount = (part: string, name: string): string | undefined => {
      const found = objectAt(item, part)?.[name];
      return found === undefined || found === null ? undefined : String(found);
    };
    if (type === 'Pod') {
      for (const part of ['default', 'defaultRequest']) {
        if (Object.keys(objectAt(item, part) ?? {}).length > 0) {
          causes.push(forbiddenField(`${here}.${part}`, "may not be specified when `type` is 'Pod'"));
        }
      }
    }
    const names = new Set(
      ['max', 'min', 'default', 'defaultRequest'].flatMap((part) => Object.keys(objectAt(item, part) ?? {})),
    );
    for (const name of [...names].sort()) {
      const min = amount('min', name);
      const max = amount('max', name);
      const standardLimit = amount('default', name);
      const standardRequest = amount('defaultRequest', name);
      const over = (a: string | undefined, b: string | undefined, part: string, why: string): void => {
        if (a === undefined || b === undefined || parseQuantity(a) <= parseQuantity(b)) return;
        const shown = part === 'min' || part.endsWith('+') ? a : b;
        causes.push(invalidShown(`${here}.${part.replace('+', '')}[${name}]`, shownQuantity(shown), why));
      };
      over(min, max, 'min', `min value ${min ?? ''} is greater than max value ${max ?? ''}`);
      over(
        min,
        standardRequest,
        'defaultRequest',
        `min value ${min ?? ''} is greater than default request value ${standardRequest ?? ''}`,
      );
      over(
        standardRequest,
        max,
        'defaultRequest+',
        `default request value ${standardRequest ?? ''} is greater than max value ${max ?? ''}`,
      );
      over(
        standardRequest,
        standardLimit,
        'defaultRequest+',
        `default request value ${standardRequest ?? ''} is greater than default limit value ${standardLimit ?? ''}`,
      );
      over(
        min,
        standardLimit,
        'default+',
        `min value ${min ?? ''} is greater than default value ${standardLimit ?? ''}`,
      );
      over(
        standardLimit,
        max,
        'default+',
        `default value ${standardLimit ?? ''} is greater than max value ${max ?? ''}`,
      );
    }
    return causes;
  });
}

export function validateNode(node: JsonObject): Cause[] {
  const causes: Cause[] = [];
  const seen = new Set<string>();
  objectsAt(node, 'spec', 'taints').forEach((taint, index) => {
    const here = `metadata.taints[${index}]`;
    const text = (field: string): string => textAt(taint, field) ?? '';
    for (const problem of qualified(text('key'))) causes.push(invalidValue(`${here}.key`, text('key'), problem));
    causes.push(...validateTolerationEffect(text('effect'), `${here}.effect`));
    const key = `${text('key')}:${text('effect')}`;
    if (seen.has(key)) {
      const shown = `core.Taint{Key:${JSON.stringify(text('key'))}, Value:${JSON.stringify(text('value'))}, Effect:${JSON.stringify(text('effect'))}, TimeAdded:<nil>}`;
      causes.push({
        reason: 'FieldValueDuplicate',
        field: here,
        message: `Duplicate value: ${shown}: taints must be unique by key and effect pair`,
      });
    }
    seen.add(key);
  });
  const range = textAt(node, 'spec', 'podCIDR') ?? '';
  if (range !== '') {
    for (const problem of rangeProblems(range)) causes.push(invalidValue('spec.podCIDRs[0]', range, problem));
  }
  return causes;
}
