import type * as Re2 from 're2js';
import { CelEvaluationError } from './errors.js';

/**
 * Expressions and patterns of custom resources come from whoever may write definitions. Their regular expressions are in the language of Go's `regexp`, and
 * run in time that grows with the text alone; JavaScript's own engine goes back and forth, and would hold the whole server up.
 */
let engine: typeof Re2 | undefined;

/** To be awaited before regular expressions are used. The engine is loaded when the first comes. */
export async function loadRegexps(): Promise<void> {
  engine ??= await import('re2js');
}

/** What Go says of a regular expression that is none. */
export interface Refused {
  readonly refused: string;
}

export function compileRegexp(pattern: string): Re2.RE2JS | Refused {
  if (!engine) throw new Error('patterns are used before they are loaded');
  try {
    return engine.RE2JS.compile(pattern);
  } catch (error) {
    if (error instanceof engine.RE2JSSyntaxException)
      return { refused: `error parsing regexp: ${error.error}: \`${error.input ?? ''}\`` };
    return { refused: error instanceof Error ? error.message : String(error) };
  }
}

function compile(pattern: string): Re2.RE2JS {
  const made = compileRegexp(pattern);
  if ('refused' in made) throw new CelEvaluationError(made.refused);
  return made;
}

export const matches = (text: string, pattern: string): boolean => compile(pattern).test(text);

/** The parts of a text that match, in their order. */
export function findAll(text: string, pattern: string, most: number): string[] {
  const matcher = compile(pattern).matcher(text);
  const found: string[] = [];
  while (found.length < most && matcher.find()) found.push(matcher.group() ?? '');
  return found;
}
