import type { Attribute } from '@kmd/mesos-client';
import { ATTRIBUTE } from './annotation.js';

/** Kubernetes' qualified name (without its optional prefix) and label value: letters, digits, `-`, `_`, `.`, 63 at most. */
const NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

function textOf(attribute: Attribute): string {
  if (attribute.scalar) return String(attribute.scalar.value);
  // Ranges and sets have no form that a label may take.
  return attribute.text?.value ?? '';
}

/** Labels of a node from its agent's attributes; those that no label can hold are left out (spec B7). */
export function labelAttributes(attributes: readonly Attribute[] = []): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const attribute of attributes) {
    const value = textOf(attribute);
    const name = `attribute-${attribute.name}`;
    if (NAME.test(name) && (value === '' || NAME.test(value))) labels[`${ATTRIBUTE}${attribute.name}`] = value;
  }
  return labels;
}
