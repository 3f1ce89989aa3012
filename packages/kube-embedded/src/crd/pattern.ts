import type * as Re2 from 're2js';
import { type Refused, compileRegexp } from '../cel/regexp.js';
import type { Cause } from '../errors.js';
import { type JsonObject, textAt } from '../json/tree.js';
import type { Kind } from '../kinds/kind.js';
import { invalidValue } from '../kinds/validation/field.js';
import { partsOf } from './schema-parts.js';

/** Whether writes of a kind run or check regular expressions, which have to be loaded before: custom resources and their definitions. */
export const usesRegexps = ({ custom, kind }: Kind): boolean =>
  custom !== undefined || kind === 'CustomResourceDefinition';

/** By their schema, which is part of a stored definition: they go with it. */
const compiled = new WeakMap<JsonObject, Re2.RE2JS | Refused>();

/** What the pattern of a schema has against a text, as `should match …`; undefined when it matches, or there is none. */
export function mismatch(schema: JsonObject, text: string): string | undefined {
  const pattern = textAt(schema, 'pattern') ?? '';
  if (pattern === '') return undefined;
  let known = compiled.get(schema);
  if (!known) compiled.set(schema, (known = compileRegexp(pattern)));
  // Definitions of a journal may be older than the check below.
  if ('refused' in known) return `should match '${pattern}, but pattern is invalid: ${known.refused}'`;
  return known.test(text) ? undefined : `should match '${pattern}'`;
}

/** The patterns of a schema and of all below it that are none. */
export function validatePatterns(schema: JsonObject, path: string): Cause[] {
  const causes = partsOf(schema).flatMap((part) => validatePatterns(part.schema, path + part.path));
  const pattern = textAt(schema, 'pattern') ?? '';
  const made = pattern === '' ? undefined : compileRegexp(pattern);
  if (made && 'refused' in made) {
    causes.push(
      invalidValue(`${path}.pattern`, pattern, `must be a valid regular expression, but isn't: ${made.refused}`),
    );
  }
  return causes;
}
