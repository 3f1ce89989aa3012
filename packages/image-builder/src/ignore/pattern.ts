import { compileGoRegexp } from './go-regexp.js';

/** How a pattern is held against a path: as text where that is enough, which is what most patterns need. */
export type CompiledPattern =
  | { readonly kind: 'exact' | 'prefix' | 'suffix'; readonly text: string }
  | { readonly kind: 'regexp'; readonly source: string; readonly regexp: RegExp };

/**
 * Whether Go's `filepath.Match` accepts the pattern: brackets are closed and not empty, ranges have two ends, nothing ends in a
 * lone backslash.
 */
export function isWellFormed(pattern: string): boolean {
  const chars = [...pattern];
  let at = 0;
  const member = (): boolean => {
    const char = chars[at];
    if (char === undefined || char === '-' || char === ']') return false;
    if (char === '\\') at += 1;
    at += 1;
    return at < chars.length;
  };
  while (at < chars.length) {
    const char = chars[at];
    at += 1;
    if (char === '\\') {
      if (at >= chars.length) return false;
      at += 1;
    } else if (char === '[') {
      if (chars[at] === '^') at += 1;
      for (let members = 0; !(chars[at] === ']' && members > 0); members += 1) {
        if (!member()) return false;
        if (chars[at] === '-') {
          at += 1;
          if (!member()) return false;
        }
      }
      at += 1;
    }
  }
  return true;
}

/** Compiles a cleaned pattern, without its `!`. @throws SyntaxError */
export function compilePattern(pattern: string): CompiledPattern {
  const chars = [...pattern];
  let kind: CompiledPattern['kind'] = 'exact';
  let source = '^';
  let at = 0;
  for (let step = 0; at < chars.length; step += 1) {
    const char = chars[at] ?? '';
    at += 1;
    if (char === '*' && chars[at] === '*') {
      at += 1;
      if (chars[at] === '/') at += 1;
      if (at < chars.length) {
        source += '(.*/)?';
        kind = 'regexp';
      } else if (kind === 'exact') {
        kind = 'prefix';
      } else {
        source += '.*';
        kind = 'regexp';
      }
      if (step === 0) kind = 'suffix';
    } else if (char === '*' || char === '?') {
      source += char === '*' ? '[^/]*' : '[^/]';
      kind = 'regexp';
    } else if ('.+()|{}$'.includes(char)) {
      source += `\\${char}`;
    } else if (char === '\\') {
      source += `\\${chars[at] ?? ''}`;
      if (at < chars.length) kind = 'regexp';
      at += 1;
    } else {
      source += char;
      if (char === '[' || char === ']') kind = 'regexp';
    }
  }
  if (kind !== 'regexp') return { kind, text: pattern };
  return { kind, source: `${source}$`, regexp: compileGoRegexp(`${source}$`) };
}

export function matchesPattern(pattern: CompiledPattern, path: string): boolean {
  switch (pattern.kind) {
    case 'exact':
      return path === pattern.text;
    case 'prefix':
      return path.startsWith(pattern.text.slice(0, -2));
    case 'suffix': {
      const suffix = pattern.text.slice(2);
      return path.endsWith(suffix) || (suffix.startsWith('/') && path === suffix.slice(1));
    }
    case 'regexp':
      return pattern.regexp.test(path);
  }
}
