import { MesosSyntaxError } from '../errors.js';
import type { Attribute } from '../types/resource.js';
import { equalRanges } from './ranges.js';
import { compareScalars } from './scalar.js';
import { parseValueText } from './value.js';

const ADVICE = 'write name:value pairs separated by ";", for instance rack:r1;zone:z1;level:3';

/**
 * Reads an agent's `--attributes`: pairs separated by `;` or line ends, split at the first `:`. Values are numbers, ranges or text;
 * sets are refused, as Mesos does. Throws `MesosSyntaxError` (where Mesos aborts the agent).
 */
export function parseAttributes(text: string): Attribute[] {
  const attributes: Attribute[] = [];
  let position = 0;
  for (const token of text.split(/[;\n]/)) {
    const at = position;
    position += token.length + 1;
    if (token === '') continue;
    const colon = token.indexOf(':');
    if (colon <= 0 || colon === token.length - 1) {
      throw new MesosSyntaxError('attributes', text, at, `"${token}" is not name:value`, ADVICE);
    }
    const [name, value] = [token.slice(0, colon), token.slice(colon + 1)];
    const parsed = parseValueText(value);
    if (!('type' in parsed)) {
      throw new MesosSyntaxError('attributes', text, at + colon + 1 + parsed.offset, parsed.problem, ADVICE);
    }
    if (parsed.type === 'SET') {
      throw new MesosSyntaxError('attributes', text, at + colon + 1, 'an attribute cannot be a set', ADVICE);
    }
    attributes.push({ name, ...parsed });
  }
  return attributes;
}

/** The same attributes in any order. */
export function equalAttributes(left: readonly Attribute[], right: readonly Attribute[]): boolean {
  const contains = (all: readonly Attribute[], one: Attribute) => all.some((other) => equalAttribute(other, one));
  return (
    left.length === right.length &&
    left.every((attribute) => contains(right, attribute)) &&
    right.every((attribute) => contains(left, attribute))
  );
}

function equalAttribute(left: Attribute, right: Attribute): boolean {
  if (left.name !== right.name || left.type !== right.type) return false;
  switch (left.type) {
    case 'SCALAR':
      return compareScalars(left.scalar?.value ?? 0, right.scalar?.value ?? 0) === 0;
    case 'RANGES':
      return equalRanges(left.ranges?.range ?? [], right.ranges?.range ?? []);
    case 'TEXT':
      return left.text?.value === right.text?.value;
    case 'SET':
      return false;
  }
}
