import { cleanPath, trimSpace } from './clean-path.js';

/**
 * The patterns of a `.dockerignore` file, as moby's reader gives them: comments and empty lines go, white space around patterns goes,
 * paths are cleaned, and a leading slash means nothing.
 * @param content the file's bytes or text, in UTF-8, with or without a byte order mark
 */
export function readIgnoreFile(content: Uint8Array | string): string[] {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const text = (typeof content === 'string' ? content : decoder.decode(content)).replace(/^\ufeff/, '');
  const patterns: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue;
    let pattern = trimSpace(line);
    if (pattern === '') continue;
    const exception = pattern.startsWith('!');
    if (exception) pattern = trimSpace(pattern.slice(1));
    if (pattern !== '') pattern = cleanPath(pattern);
    if (pattern.length > 1 && pattern.startsWith('/')) pattern = pattern.slice(1);
    patterns.push(exception ? `!${pattern}` : pattern);
  }
  return patterns;
}
