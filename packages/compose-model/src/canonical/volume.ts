/** A mount as its short form says it. */
export interface ShortVolume {
  readonly type: 'bind' | 'volume';
  readonly source?: string;
  readonly target: string;
  readonly readOnly?: true;
  readonly propagation?: string;
  readonly selinux?: string;
  readonly nocopy?: true;
}

const propagations = ['rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave'];

/** Cuts at colons, keeping the one after a drive letter and those inside `${…}`. */
function cut(spec: string): readonly string[] {
  const parts: string[] = [];
  let part = '';
  let inside = 0;
  for (let index = 0; index < spec.length; index += 1) {
    const char = spec.charAt(index);
    if (char === '$' && spec[index + 1] === '{') inside += 1;
    else if (char === '}' && inside > 0) inside -= 1;
    else if (char === ':' && !(part.length === 1 && /\p{L}/u.test(part)) && inside === 0) {
      parts.push(part);
      part = '';
      continue;
    }
    part += char;
  }
  return [...parts, part];
}

/** Whether a source names a path of the host, and not a volume: it starts with . / ~ or \\, or a drive letter and a colon. */
export function isHostPath(source: string): boolean {
  return /^([./~]|\\\\)/.test(source) || /^\p{L}:/u.test(source);
}

/** Reads `[source:]target[:options]`. @returns what it says, or what is wrong with it */
export function parseVolume(spec: string): ShortVolume | string {
  if (spec === '') return 'invalid empty volume spec';
  if (spec.length <= 2) return { type: 'volume', target: spec };
  const parts = cut(spec);
  if (parts.some((part) => part === '')) return `invalid spec: ${spec}: empty section between colons`;
  if (parts.length > 3) return `invalid spec: ${spec}: too many colons`;
  const [first = '', target, options = ''] = parts;
  if (target === undefined) return { type: 'volume', target: cleanPath(first) };
  const bind = isHostPath(first);
  let readOnly = false;
  let nocopy = false;
  let propagation: string | undefined;
  let selinux: string | undefined;
  for (const option of options.split(',')) {
    if (option === 'ro' || option === 'rw') readOnly = option === 'ro';
    else if (option === 'nocopy') nocopy = true;
    else if (propagations.includes(option)) propagation = option;
    else if (option === 'z' || option === 'Z') selinux = option;
  }
  return {
    type: bind ? 'bind' : 'volume',
    source: first,
    target: cleanPath(target),
    ...(readOnly && { readOnly }),
    ...(nocopy && { nocopy }),
    ...(propagation !== undefined && { propagation }),
    ...(selinux !== undefined && { selinux }),
  };
}

/** A path without empty and dot steps: what Go's path.Clean makes of it. */
export function cleanPath(path: string): string {
  if (path === '') return '';
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
