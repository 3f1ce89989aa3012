/** Looks up a variable: `undefined` when it is not set. */
export type Lookup = (name: string) => string | undefined;

export type Operator = ':-' | '-' | ':+' | '+' | ':?' | '?';

/** A piece of a template: text as it is, or a variable with what its operator says. */
export type Segment =
  | string
  | { readonly name: string; readonly operator?: undefined }
  | { readonly name: string; readonly operator: Operator; readonly operand: string };

export class InvalidTemplate extends Error {
  override readonly name = 'InvalidTemplate';
}

export class MissingVariable extends Error {
  override readonly name = 'MissingVariable';
}

/** Every level reads its operand once more. */
const nesting = 32;
const nameAt = /[_a-zA-Z][_a-zA-Z0-9]*/y;
const operatorAt = /:?[-+?]/y;

function isOperator(text: string): text is Operator {
  return /^:?[-+?]$/.test(text);
}

/** The brace that closes the one at `open`, by counting as docker compose does: the character after a brace never counts. */
function closingBrace(text: string, open: number, end: number): number {
  let depth = 0;
  for (let index = open; index < end; index += 1) {
    const char = text.charCodeAt(index);
    if (char === 125) {
      depth -= 1;
      if (depth === 0) return index;
    } else if (char === 123) {
      depth += 1;
      index += 1;
    }
  }
  const last = text.lastIndexOf('}', end - 1);
  return last > open ? last : -1;
}

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

/**
 * Splits a template into its pieces, in one pass. An operand is left as text: it is a template itself, read only when it is used.
 * @throws InvalidTemplate for `${` without a valid name or a closing brace on the same line
 */
export function parseTemplate(text: string): readonly Segment[] {
  const segments: Segment[] = [];
  let from = 0;
  let lineEnd = -1;
  for (let dollar = text.indexOf('$'); dollar >= 0; dollar = text.indexOf('$', from)) {
    if (dollar > from) segments.push(text.slice(from, dollar));
    const next = text[dollar + 1];
    if (next === '$') {
      segments.push('$');
      from = dollar + 2;
    } else if (next === '{') {
      const name = match(nameAt, text, dollar + 2);
      const after = dollar + 2 + name.length;
      if (name === '') throw new InvalidTemplate(text);
      if (text[after] === '}') {
        segments.push({ name });
        from = after + 1;
        continue;
      }
      const operator = match(operatorAt, text, after);
      if (!isOperator(operator)) throw new InvalidTemplate(text);
      if (lineEnd < after) {
        const newline = text.indexOf('\n', after);
        lineEnd = newline < 0 ? text.length : newline;
      }
      const close = closingBrace(text, dollar + 1, lineEnd);
      if (close < after + operator.length) throw new InvalidTemplate(text);
      segments.push({ name, operator, operand: text.slice(after + operator.length, close) });
      from = close + 1;
    } else {
      const name = match(nameAt, text, dollar + 1);
      segments.push(name === '' ? '$' : { name });
      from = dollar + 1 + name.length;
    }
  }
  if (from < text.length) segments.push(text.slice(from));
  return segments;
}

/**
 * Replaces the variables of a template. Operands are expanded when they are used, values never again.
 * @param unset called for each plain variable without a value, which becomes an empty text
 * @throws InvalidTemplate, MissingVariable
 */
export function expand(text: string, lookup: Lookup, unset?: (name: string) => void, depth = 0): string {
  if (!text.includes('$')) return text;
  if (depth > nesting) throw new InvalidTemplate(`${text.slice(0, 40)}: nested more than ${nesting} levels`);
  let result = '';
  for (const segment of parseTemplate(text)) {
    if (typeof segment === 'string') {
      result += segment;
      continue;
    }
    const value = lookup(segment.name);
    if (segment.operator === undefined) {
      if (value === undefined) unset?.(segment.name);
      result += value ?? '';
      continue;
    }
    const present = segment.operator.startsWith(':') ? value !== undefined && value !== '' : value !== undefined;
    const operand = (): string => expand(segment.operand, lookup, unset, depth + 1);
    switch (segment.operator) {
      case ':-':
      case '-':
        result += present ? value : operand();
        break;
      case ':+':
      case '+':
        result += present ? operand() : (value ?? '');
        break;
      case ':?':
      case '?': {
        if (present) {
          result += value;
          break;
        }
        const reason = operand();
        const missing = `required variable ${segment.name} is missing a value`;
        throw new MissingVariable(reason === '' ? missing : `${missing}: ${reason}`);
      }
    }
  }
  return result;
}
