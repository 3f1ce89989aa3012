/** A path without empty and dot steps, as Go's `filepath.Clean` makes it; an empty one is `.`. */
export function cleanPath(path: string): string {
  const rooted = path.startsWith('/');
  const steps: string[] = [];
  for (const step of path.split('/')) {
    if (step === '' || step === '.') continue;
    if (step !== '..') steps.push(step);
    else if (steps.length > 0 && steps.at(-1) !== '..') steps.pop();
    else if (!rooted) steps.push('..');
  }
  const joined = steps.join('/');
  return rooted ? `/${joined}` : joined === '' ? '.' : joined;
}

/** Go's notion of white space: Unicode's, which has U+0085 and not U+FEFF. */
const space = '[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+';
const outer = new RegExp(`^${space}|${space}$`, 'g');

export function trimSpace(text: string): string {
  return text.replace(outer, '');
}
