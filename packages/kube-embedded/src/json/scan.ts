import { goQuoted } from './go.js';

/**
 * What is wrong with a text that is no JSON, in the words of Go's encoding/json, which clients of Kubernetes are used to. Undefined for a text that
 * is JSON.
 */
export function jsonProblem(text: string): string | undefined {
  let at = 0;
  // At the end of a text Go's scanner looks what a space would come to.
  const space = 0x20;
  const end = 'unexpected end of JSON input';
  const skip = (): void => {
    while (/[ \t\r\n]/.test(text.charAt(at))) at += 1;
  };
  const unexpected = (where: string): string =>
    at >= text.length && !/^in (literal|numeric|string escape|\\u)/.test(where)
      ? end
      : `invalid character ${quoted(text.codePointAt(at) ?? space)} ${where}`;
  const word = (expected: string): string | undefined => {
    for (let index = 1; index < expected.length; index++) {
      at += 1;
      const wanted = expected.charAt(index);
      if (text.charAt(at) !== wanted) return unexpected(`in literal ${expected} (expecting '${wanted}')`);
    }
    at += 1;
    return undefined;
  };
  const string = (): string | undefined => {
    for (at += 1; at < text.length; at++) {
      const letter = text.charAt(at);
      if (letter === '"') {
        at += 1;
        return undefined;
      }
      if (letter < ' ') return unexpected('in string literal');
      if (letter !== '\\') continue;
      at += 1;
      const escaped = text.charAt(at);
      if (escaped === 'u') {
        for (let digit = 0; digit < 4; digit++) {
          at += 1;
          if (!/[0-9a-fA-F]/.test(text.charAt(at))) return unexpected('in \\u hexadecimal character escape');
        }
      } else if (!/["\\/bfnrt]/.test(escaped)) return unexpected('in string escape code');
    }
    return end;
  };
  const number = (): string | undefined => {
    const found = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/.exec(text.slice(at))?.[0];
    if (found === undefined) {
      at += 1;
      return unexpected('in numeric literal');
    }
    at += found.length;
    return undefined;
  };
  const list = (close: string, where: string, item: () => string | undefined): string | undefined => {
    at += 1;
    skip();
    if (text.charAt(at) === close) {
      at += 1;
      return undefined;
    }
    for (;;) {
      const problem = item();
      if (problem !== undefined) return problem;
      skip();
      const letter = text.charAt(at);
      if (letter !== ',' && letter !== close) return unexpected(where);
      at += 1;
      if (letter === close) return undefined;
      skip();
    }
  };
  const pair = (): string | undefined => {
    if (text.charAt(at) !== '"') return unexpected('looking for beginning of object key string');
    const problem = string();
    if (problem !== undefined) return problem;
    skip();
    if (text.charAt(at) !== ':') return unexpected('after object key');
    at += 1;
    return value();
  };
  const value = (): string | undefined => {
    skip();
    const letter = text.charAt(at);
    if (letter === '{') return list('}', 'after object key:value pair', pair);
    if (letter === '[') return list(']', 'after array element', value);
    if (letter === '"') return string();
    if (letter === 't') return word('true');
    if (letter === 'f') return word('false');
    if (letter === 'n') return word('null');
    return /[-0-9]/.test(letter) ? number() : unexpected('looking for beginning of value');
  };
  const problem = value();
  if (problem !== undefined) return problem;
  skip();
  return at < text.length ? unexpected('after top-level value') : undefined;
}

/** A sign as Go's decoder shows it (encoding/json's `quoteChar`). */
function quoted(code: number): string {
  const letter = String.fromCodePoint(code);
  if (letter === "'") return "'\\''";
  if (letter === '"') return "'\"'";
  return `'${goQuoted(letter).slice(1, -1)}'`;
}
