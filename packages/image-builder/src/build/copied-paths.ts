import { instructionsOf } from './instructions.js';

const everything: readonly string[] = [''];

/** Front ends whose instructions are known. */
const knownSyntax = /^(?:docker\.io\/)?docker\/dockerfile(?::|@|$)/;

/** What ADD fetches from elsewhere. */
const remote = /^(?:https?|git|ssh):\/\/|^git@/;

function splitFlags(text: string): { flags: string[]; rest: string } {
  const flags: string[] = [];
  let rest = text;
  for (let flag = /^--\S+/.exec(rest)?.[0]; flag !== undefined; flag = /^--\S+/.exec(rest)?.[0]) {
    flags.push(flag);
    rest = rest.slice(flag.length).trimStart();
  }
  return { flags, rest };
}

function wordsOf(text: string): readonly string[] {
  if (!text.startsWith('[')) return text.split(/\s+/);
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.map(String) : everything;
  } catch {
    return text.split(/\s+/);
  }
}

function sourcesOf(text: string): readonly string[] {
  const { flags, rest } = splitFlags(text);
  if (flags.some((flag) => flag.startsWith('--from='))) return [];
  // The last word is where it goes; a here-document is content, and its end.
  const sources = wordsOf(rest).slice(0, -1);
  return sources.filter((source) => !remote.test(source) && !source.startsWith('<<'));
}

/** Of `RUN --mount=…`: a mount is one of the context unless it says otherwise. */
function mountedBy(text: string): readonly string[] {
  const mounts = splitFlags(text).flags.filter((flag) => flag.startsWith('--mount='));
  return mounts.flatMap((flag) => {
    const fields = flag.slice('--mount='.length).split(',');
    const valueOf = (...keys: readonly string[]): string | undefined =>
      fields.map((field) => field.split('=', 2)).find(([key = '']) => keys.includes(key.toLowerCase()))?.[1];
    const type = valueOf('type') ?? 'bind';
    return type !== 'bind' || valueOf('from') !== undefined ? [] : [valueOf('source', 'src') ?? ''];
  });
}

function readPaths(keyword: string, text: string): readonly string[] {
  if (keyword === 'COPY' || keyword === 'ADD') return sourcesOf(text);
  if (keyword === 'RUN') return mountedBy(text);
  const [, inner = '', rest = ''] = keyword === 'ONBUILD' ? (/^(\S+)\s*(.*)$/s.exec(text) ?? []) : [];
  return inner === '' ? [] : readPaths(inner.toUpperCase(), rest);
}

/**
 * The paths of its context that a Dockerfile reads, as it writes them: with wildcards and variables, and each with all that is below it. An empty one
 * is everything. There may be more than a build needs, never less, as long as no base image brings instructions of its own (ONBUILD).
 */
export function copiedPaths(dockerfile: string): readonly string[] {
  const syntax = /^#\s*syntax\s*=\s*(\S+)/im.exec(dockerfile)?.[1];
  if (syntax !== undefined && !knownSyntax.test(syntax)) return everything;
  return instructionsOf(dockerfile).flatMap(({ keyword, text }) => readPaths(keyword, text));
}
