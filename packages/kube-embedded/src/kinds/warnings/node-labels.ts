import { type JsonObject, listAt, objectAt, objectsAt, textAt } from '../../json/tree.js';
import { labelText } from '../validation/name.js';

const old: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  'app.kubernetes.io/created-by': 'deprecated since v1.9',
  'scheduler.alpha.kubernetes.io/preferAvoidPods': 'deprecated since v1.22; use Taints and Tolerations instead',
  'node-role.kubernetes.io/master': 'use "node-role.kubernetes.io/control-plane" instead',
};

/** What is said of labels of nodes that have newer names. */
export const oldLabel = (label: string): string | undefined => old[label];

/** Of a map of labels; `shown` tells how one is written in the warning. */
export const warnOfLabels = (labels: JsonObject | undefined, shown: (label: string) => string): readonly string[] =>
  Object.keys(labels ?? {}).flatMap((label) => {
    const why = oldLabel(label);
    return why === undefined ? [] : [`${shown(label)}: ${why}`];
  });

/** Of an expression over labels. */
function warnOfExpression(expression: JsonObject, field: string): readonly string[] {
  const key = textAt(expression, 'key') ?? '';
  const why = oldLabel(key);
  return why === undefined ? [] : [`${field}.key: ${key} is ${why}`];
}

/** Of a term of an affinity to nodes; the values of those that are preferred are looked at too. */
export function warnOfTerm(term: JsonObject, field: string, preferred: boolean): readonly string[] {
  return objectsAt(term, 'matchExpressions').flatMap((expression, index) => {
    const here = `${field}.matchExpressions[${index}]`;
    const values = preferred ? listAt(expression, 'values').map(String) : [];
    return [
      ...warnOfExpression(expression, here),
      ...values.flatMap((value, place) =>
        labelText(value).map((why) => `${here}.values[${place}]: ${value} is invalid, ${why}`),
      ),
    ];
  });
}

/** Of a selector of nodes. */
export const warnOfNodeSelector = (selector: JsonObject | undefined, field: string): readonly string[] => [
  ...objectsAt(selector, 'matchExpressions').flatMap((expression, index) =>
    warnOfExpression(expression, `${field}.matchExpressions[${index}]`),
  ),
  ...warnOfLabels(objectAt(selector, 'matchLabels'), (label) => `${field}.matchLabels.${label}`),
];
