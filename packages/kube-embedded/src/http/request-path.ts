/** What a request line names. */
export interface RequestPath {
  /** Percent-decoded, not normalised: `..` is a name like any other. */
  readonly path: string;
  readonly query: URLSearchParams;
}

const badEscape = /%(?![0-9a-f]{2})/i;

/** Bytes that are no UTF-8 become U+FFFD, as they do in Go's JSON. */
const decode = (text: string): string =>
  text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));

/**
 * Takes the target of a request apart as Go's net/http does, which the real server stands on: a fragment is part of the path, pairs of the query with a
 * semicolon or a broken escape are passed over. Undefined for a path with a broken escape.
 */
export function readRequestPath(target: string): RequestPath | undefined {
  // A proxy is sent the whole URL.
  const local = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i, '') || '/';
  const mark = local.indexOf('?');
  const path = mark < 0 ? local : local.slice(0, mark);
  if (badEscape.test(path)) return undefined;
  const pairs = mark < 0 ? '' : local.slice(mark + 1);
  const read =
    pairs.includes(';') || badEscape.test(pairs)
      ? pairs
          .split('&')
          .filter((pair) => !pair.includes(';') && !badEscape.test(pair))
          .join('&')
      : pairs;
  return { path: path.includes('%') ? decode(path) : path, query: new URLSearchParams(read) };
}

/** A decoded path as a URL holds it. */
export const encodePath = (path: string): string => encodeURI(path).replace(/[?#]/g, encodeURIComponent);
