import type { Cause } from '../../errors.js';
import { type JsonObject, listAt, numberAt, objectAt, objectsAt, textAt } from '../../json/tree.js';
import { forbiddenField, invalidValue, required, unsupported } from './field.js';
import { validateLabels } from './metadata.js';
import { qualified } from './name.js';

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** Effects of taints and of tolerations. */
export const validateTolerationEffect = (effect: string, field: string): Cause[] =>
  effects.includes(effect) ? [] : [unsupported(field, effect, effects)];

function validateToleration(toleration: JsonObject, path: string): Cause[] {
  const text = (field: string): string => textAt(toleration, field) ?? '';
  const causes: Cause[] = qualifiedUnlessEmpty(text('key'), `${path}.key`);
  if (text('key') === '' && text('operator') !== 'Exists') {
    const why = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    causes.push(invalidValue(`${path}.operator`, text('operator'), why));
  }
  if (toleration['tolerationSeconds'] !== undefined && text('effect') !== 'NoExecute') {
    const why = "effect must be 'NoExecute' when `tolerationSeconds` is set";
    causes.push(invalidValue(`${path}.effect`, text('effect'), why));
  }
  if (!['', 'Equal', 'Exists'].includes(text('operator'))) {
    causes.push(unsupported(`${path}.operator`, text('operator'), ['Equal', 'Exists']));
  } else if (text('operator') === 'Exists' && text('value') !== '') {
    causes.push(invalidValue(`${path}.operator`, text('value'), "value must be empty when `operator` is 'Exists'"));
  }
  if (text('effect') !== '') causes.push(...validateTolerationEffect(text('effect'), `${path}.effect`));
  return causes;
}

const qualifiedUnlessEmpty = (name: string, field: string): Cause[] =>
  name === '' ? [] : qualified(name).map((why) => invalidValue(field, name, why));

function validateSpread(constraint: JsonObject, path: string): Cause[] {
  const causes: Cause[] = [];
  const skew = numberAt(constraint, 'maxSkew') ?? 0;
  if (skew <= 0) causes.push(invalidValue(`${path}.maxSkew`, skew, 'must be greater than zero'));
  if ((textAt(constraint, 'topologyKey') ?? '') === '') {
    causes.push(required(`${path}.topologyKey`, 'can not be empty'));
  }
  const actions = ['DoNotSchedule', 'ScheduleAnyway'];
  const action = textAt(constraint, 'whenUnsatisfiable') ?? '';
  if (!actions.includes(action)) causes.push(unsupported(`${path}.whenUnsatisfiable`, action, actions));
  return causes;
}

/** What an operator of a term about nodes wants of its values. */
function validateExpression(expression: JsonObject, path: string): Cause[] {
  const operator = textAt(expression, 'operator') ?? '';
  const count = listAt(expression, 'values').length;
  const values = `${path}.values`;
  switch (operator) {
    case 'In':
    case 'NotIn':
      return count === 0 ? [required(values, "must be specified when `operator` is 'In' or 'NotIn'")] : [];
    case 'Exists':
    case 'DoesNotExist':
      return count > 0
        ? [forbiddenField(values, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")]
        : [];
    case 'Gt':
    case 'Lt':
      return count === 1 ? [] : [required(values, "must be specified single value when `operator` is 'Lt' or 'Gt'")];
    default:
      return [invalidValue(`${path}.operator`, operator, 'not a valid selector operator')];
  }
}

const demanded = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';

const validateTerm = (term: JsonObject, path: string): Cause[] =>
  objectsAt(term, 'matchExpressions').flatMap((expression, index) =>
    validateExpression(expression, `${path}.matchExpressions[${index}]`),
  );

const validateWeight = (term: JsonObject, path: string): Cause[] => {
  const weight = numberAt(term, 'weight') ?? 0;
  return weight < 1 || weight > 100 ? [invalidValue(`${path}.weight`, weight, 'must be in the range 1-100')] : [];
};

function validateNodeAffinity(affinity: JsonObject, path: string): Cause[] {
  const needed = objectAt(affinity, demanded);
  const terms = objectsAt(needed, 'nodeSelectorTerms');
  const field = `${path}.${demanded}.nodeSelectorTerms`;
  return [
    ...(needed && terms.length === 0 ? [required(field, 'must have at least one node selector term')] : []),
    ...terms.flatMap((term, index) => validateTerm(term, `${field}[${index}]`)),
    ...objectsAt(affinity, preferred).flatMap((term, index) => {
      const here = `${path}.${preferred}[${index}]`;
      return [...validateWeight(term, here), ...validateTerm(objectAt(term, 'preference') ?? {}, `${here}.preference`)];
    }),
  ];
}

function validatePodTerm(term: JsonObject, path: string): Cause[] {
  const key = textAt(term, 'topologyKey') ?? '';
  const field = `${path}.topologyKey`;
  return [
    ...(key === '' ? [required(field, 'can not be empty')] : []),
    ...qualified(key).map((why) => invalidValue(field, key, why)),
  ];
}

const validatePodAffinity = (affinity: JsonObject, path: string): Cause[] => [
  ...objectsAt(affinity, demanded).flatMap((term, index) => validatePodTerm(term, `${path}.${demanded}[${index}]`)),
  ...objectsAt(affinity, preferred).flatMap((term, index) => {
    const here = `${path}.${preferred}[${index}]`;
    return [
      ...validateWeight(term, here),
      ...validatePodTerm(objectAt(term, 'podAffinityTerm') ?? {}, `${here}.podAffinityTerm`),
    ];
  }),
];

/** Where a pod may go. */
export function validatePlacement(spec: JsonObject | undefined, path: string): Cause[] {
  const affinity = (kind: string): JsonObject => objectAt(spec, 'affinity', kind) ?? {};
  return [
    ...validateLabels(objectAt(spec, 'nodeSelector'), `${path}.nodeSelector`),
    ...validateNodeAffinity(affinity('nodeAffinity'), `${path}.affinity.nodeAffinity`),
    ...validatePodAffinity(affinity('podAffinity'), `${path}.affinity.podAffinity`),
    ...validatePodAffinity(affinity('podAntiAffinity'), `${path}.affinity.podAntiAffinity`),
    ...objectsAt(spec, 'tolerations').flatMap((toleration, index) =>
      validateToleration(toleration, `${path}.tolerations[${index}]`),
    ),
    ...objectsAt(spec, 'topologySpreadConstraints').flatMap((constraint, index) =>
      validateSpread(constraint, `${path}.topologySpreadConstraints[${index}]`),
    ),
  ];
}
