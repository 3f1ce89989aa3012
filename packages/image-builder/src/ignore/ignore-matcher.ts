import { messageOf } from '../thrown.js';
import { cleanPath, trimSpace } from './clean-path.js';
import { compilePattern, isWellFormed, matchesPattern, type CompiledPattern } from './pattern.js';

/** A pattern that cannot be read. The whole list is refused then, as moby refuses it. */
export class IgnorePatternError extends Error {
  override readonly name = 'IgnorePatternError';
  readonly code = 'ignore-pattern';
  /** The pattern as it was given. */
  readonly pattern: string;
  /** Its place in the list, counted from 0. */
  readonly index: number;

  constructor(pattern: string, index: number, reason: string, options?: ErrorOptions) {
    super(`ignore pattern ${JSON.stringify(pattern)} (number ${index + 1}): ${reason}`, options);
    this.pattern = pattern;
    this.index = index;
  }
}

export interface IgnoreMatcher {
  /** Whether any pattern takes paths back in (`!path`): a folder that is ignored may hold files that are not. */
  readonly hasExceptions: boolean;
  /**
   * Whether a file or folder stays out of the build context. A path is ignored with its parents; the last pattern that says
   * something about it decides. The context's root, `.`, is never ignored.
   * @param path relative to the context, with slashes
   */
  ignores(path: string): boolean;
  /**
   * Whether an exception may take something back that is below this folder. When not, an ignored folder need not be entered.
   * @param folder relative to the context, with slashes
   */
  mayTakeBackBelow(folder: string): boolean;
}

interface Rule {
  readonly exception: boolean;
  readonly pattern: CompiledPattern;
}

/** Whether a pattern can match a path that is below a folder. Says yes when in doubt. */
function reachesBelow(pattern: string, folder: string): boolean {
  // A class may match a slash (`x[^a]y` does match `x/y`), so steps say nothing.
  if (pattern.includes('[')) return true;
  const parts = pattern.split('/');
  const names = folder.split('/');
  for (const [index, name] of names.entries()) {
    const part = parts[index];
    // It ends at the folder or above it: it has had its say about the folder, and has no other about what is below.
    if (part === undefined) return false;
    if (part.includes('**')) return true;
    try {
      if (!matchesPattern(compilePattern(part), name)) return false;
    } catch {
      return true;
    }
  }
  return parts.length > names.length;
}

/**
 * Makes a matcher of patterns, such as those of `readIgnoreFile`.
 * @throws IgnorePatternError for a pattern that moby refuses
 *
 * @example
 * const matcher = createIgnoreMatcher(['**', '!src', '**\/*.test.ts']);
 * matcher.ignores('src/index.ts'); // false
 */
export function createIgnoreMatcher(patterns: Iterable<string>): IgnoreMatcher {
  const rules: Rule[] = [];
  const exceptions: string[] = [];
  let index = -1;
  for (const given of patterns) {
    index += 1;
    const trimmed = trimSpace(given);
    if (trimmed === '') continue;
    const cleaned = cleanPath(trimmed);
    const exception = cleaned.startsWith('!');
    const text = exception ? cleaned.slice(1) : cleaned;
    if (text === '') throw new IgnorePatternError(given, index, 'an exception must name a path, such as !src');
    if (!isWellFormed(text)) {
      throw new IgnorePatternError(
        given,
        index,
        'brackets must be closed and not empty, ranges have two ends, a backslash something after it',
      );
    }
    try {
      rules.push({ exception, pattern: compilePattern(text) });
      if (exception) exceptions.push(text);
    } catch (cause) {
      throw new IgnorePatternError(given, index, messageOf(cause), { cause });
    }
  }
  return {
    hasExceptions: rules.some((rule) => rule.exception),
    ignores(path) {
      const cleaned = cleanPath(path);
      if (cleaned === '.') return false;
      const paths = [cleaned];
      for (let cut = cleaned.indexOf('/'); cut >= 0; cut = cleaned.indexOf('/', cut + 1))
        paths.push(cleaned.slice(0, cut));
      let ignored = false;
      for (const rule of rules) {
        if (rule.exception !== ignored) continue;
        if (paths.some((one) => matchesPattern(rule.pattern, one))) ignored = !rule.exception;
      }
      return ignored;
    },
    mayTakeBackBelow(folder) {
      const cleaned = cleanPath(folder);
      return cleaned === '.' || exceptions.some((pattern) => reachesBelow(pattern, cleaned));
    },
  };
}
