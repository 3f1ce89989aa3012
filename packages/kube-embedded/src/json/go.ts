import { type Json, type JsonObject, isObject, listAt, objectAt, objectsAt, textAt } from './tree.js';

/* Values as Go's fmt prints them: some messages of the real server show them so. */

const short: Readonly<Record<string, string>> = { '\\u0007': '\\a', '\\u000b': '\\v' };

/** `%q`: a text in quotes, what cannot be printed escaped as Go does. */
export const goQuoted = (text: string): string =>
  JSON.stringify(text.toWellFormed())
    .replace(/\\u00([0-9a-f]{2})/g, (whole, hex: string) => short[whole] ?? `\\x${hex}`)
    .replace(/[\x7f-\xa0\xad\u2028\u2029\ufeff]/g, (letter) => {
      const code = letter.charCodeAt(0);
      return code === 0x7f ? '\\x7f' : `\\u${code.toString(16).padStart(4, '0')}`;
    });

/** `%v`: `map[a:b c:[1 2]]`. */
export function goPlain(value: Json | undefined): string {
  if (value === undefined || value === null) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goPlain).join(' ')}]`;
  if (!isObject(value)) return String(value);
  const parts = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${key}:${goPlain(item)}`);
  return `map[${parts.join(' ')}]`;
}

/** `%#v` of a value whose types Go does not know. */
export function goValue(value: Json): string {
  if (value === null) return 'interface {}(nil)';
  if (Array.isArray(value)) return `[]interface {}{${value.map(goValue).join(', ')}}`;
  if (!isObject(value)) return typeof value === 'string' ? goQuoted(value) : String(value);
  const parts = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${goQuoted(key)}:${goValue(item)}`);
  return `map[string]interface {}{${parts.join(', ')}}`;
}

/** `%#v` of a list of texts; `type` is that of its elements. */
export const goTexts = (texts: readonly Json[], type = 'string'): string =>
  `[]${type}{${texts.map((text) => (typeof text === 'string' ? goQuoted(text) : JSON.stringify(text))).join(', ')}}`;

/** `%#v` of labels. */
export function goLabels(labels: JsonObject | undefined): string {
  if (labels === undefined) return 'map[string]string(nil)';
  const parts = Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return `map[string]string{${parts.join(', ')}}`;
}

/** `%#v` of a label selector. */
export function goSelector(selector: JsonObject): string {
  const expressions = objectsAt(selector, 'matchExpressions').map((expression) => {
    const text = (key: string): string => JSON.stringify(textAt(expression, key) ?? '');
    const values = expression['values'] === undefined ? '[]string(nil)' : goTexts(listAt(expression, 'values'));
    return `v1.LabelSelectorRequirement{Key:${text('key')}, Operator:${text('operator')}, Values:${values}}`;
  });
  const type = '[]v1.LabelSelectorRequirement';
  const shown = expressions.length === 0 ? `${type}(nil)` : `${type}{${expressions.join(', ')}}`;
  return `v1.LabelSelector{MatchLabels:${goLabels(objectAt(selector, 'matchLabels'))}, MatchExpressions:${shown}}`;
}

/** `%#v` of owners. What stands for a pointer is an address, which says nothing. */
export const goOwners = (owners: readonly JsonObject[]): string => {
  const parts = owners.map((owner) => {
    const text = (key: string): string => JSON.stringify(textAt(owner, key) ?? '');
    const pointer = (key: string): string => `(*bool)(${owner[key] === undefined ? 'nil' : '0x1'})`;
    return `v1.OwnerReference{APIVersion:${text('apiVersion')}, Kind:${text('kind')}, Name:${text('name')}, UID:${text('uid')}, Controller:${pointer('controller')}, BlockOwnerDeletion:${pointer('blockOwnerDeletion')}}`;
  });
  return `[]v1.OwnerReference{${parts.join(', ')}}`;
};

/** `%#v` of a number or a text, as fields such as `maxSurge` hold one. */
export const goIntOrString = (value: Json | undefined): string =>
  typeof value === 'string'
    ? `intstr.IntOrString{Type:1, IntVal:0, StrVal:${JSON.stringify(value)}}`
    : `intstr.IntOrString{Type:0, IntVal:${String(value ?? 0)}, StrVal:""}`;
