import type * as Re2 from 're2js';
import type { Cause } from '../errors.js';
import { type JsonObject, isObject, listAt, objectAt, textAt } from '../json/tree.js';
import type { Kind } from '../kinds/kind.js';
import { invalidValue } from '../kinds/validation/field.js';

/**
 * Patterns of custom resources come from whoever may write definitions. They are in the language of Go's `regexp`, and run in time that grows with the text
 * alone; JavaScript's own engine goes back and forth, and would hold the whole server up.
 */
let engine: typeof Re2 | undefined;

/** To be awaited before a write of a kind that has patterns. The engine is loaded when the first comes. */
export async function loadPatterns(): Promise<void> {
  engine ??= await import('re2js');
}

/** Whether writes of a kind run or check patterns: custom resources and their definitions. */
export const hasPatterns = ({ custom, kind }: Kind): boolean =>
  custom !== undefined || kind === 'CustomResourceDefinition';

/** What Go says of a pattern that is none. */
interface Refused {
  readonly refused: string;
}

function compile(pattern: string): Re2.RE2JS | Refused {
  if (!engine) throw new Error('patterns are used before they are loaded');
  try {
    return engine.RE2JS.compile(pattern);
  } catch (error) {
    if (error instanceof engine.RE2JSSyntaxException)
      return { refused: `error parsing regexp: ${error.error}: \`${error.input ?? ''}\`` };
    return { refused: error instanceof Error ? error.message : String(error) };
  }
}

/** By their schema, which is part of a stored definition: they go with it. */
const compiled = new WeakMap<JsonObject, Re2.RE2JS | Refused>();

/** What the pattern of a schema has against a text, as `should match …`; undefined when it matches, or there is none. */
export function mismatch(schema: JsonObject, text: string): string | undefined {
  const pattern = textAt(schema, 'pattern') ?? '';
  if (pattern === '') return undefined;
  let known = compiled.get(schema);
  if (!known) compiled.set(schema, (known = compile(pattern)));
  // Definitions of a journal may be older than the check below.
  if ('refused' in known) return `should match '${pattern}, but pattern is invalid: ${known.refused}'`;
  return known.test(text) ? undefined : `should match '${pattern}'`;
}

/** The patterns of a schema and of all below it that are none. */
export function validatePatterns(schema: JsonObject, path: string): Cause[] {
  const causes: Cause[] = [];
  const visit = (below: unknown, field: string): void => {
    if (isObject(below)) causes.push(...validatePatterns(below, field));
  };
  for (const [key, below] of Object.entries(objectAt(schema, 'properties') ?? {}))
    visit(below, `${path}.properties[${key}]`);
  for (const key of ['additionalProperties', 'items', 'not']) visit(schema[key], `${path}.${key}`);
  for (const key of ['allOf', 'anyOf', 'oneOf'])
    listAt(schema, key).forEach((below, index) => visit(below, `${path}.${key}[${index}]`));
  const pattern = textAt(schema, 'pattern') ?? '';
  const made = pattern === '' ? undefined : compile(pattern);
  if (made && 'refused' in made) {
    causes.push(
      invalidValue(`${path}.pattern`, pattern, `must be a valid regular expression, but isn't: ${made.refused}`),
    );
  }
  return causes;
}
