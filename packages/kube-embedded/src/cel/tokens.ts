import { CelCompileError } from './errors.js';
import { type Value, uint } from './value.js';

export type Token = { readonly at: number } & (
  | { readonly form: 'name' | 'sign'; readonly text: string }
  | { readonly form: 'literal'; readonly value: Value; readonly text: string }
  | { readonly form: 'end'; readonly text: '' }
);

const blank = /(?:[\s]+|\/\/[^\n]*)+/y;
const name = /[A-Za-z_]\w*/y;
const number =
  /(?<double>(?:\d+\.\d+|\.\d+)(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)|(?<whole>0x[\da-fA-F]+|\d+)(?<unsigned>[uU])?/y;
const opening = /([rRbB]{0,2})("""|'''|"|')/y;
const sign = /&&|\|\||[=!<>]=|\.\?|\[\?|[-+*/%!<>?:.,()[\]{}]/y;

const simple: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '?': '?',
  '"': '"',
  "'": "'",
  '`': '`',
};
const escape = /\\(?:([abfnrtv\\?"'`])|[xX]([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-3][0-7]{2})|(.?))/gs;

const minInt = -(2n ** 63n);
const maxInt = 2n ** 63n - 1n;
export const fitsInt = (value: bigint): boolean => value >= minInt && value <= maxInt;

/** Cuts the text of an expression in pieces. Throws `CelCompileError`. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(source) ?? undefined;
  };
  const fail = (message: string): CelCompileError =>
    new CelCompileError(source, [{ at, message: `Syntax error: ${message}` }]);
  const literal = (value: Value, text: string): void => {
    tokens.push({ at, form: 'literal', value, text });
    at += text.length;
  };
  for (;;) {
    at += match(blank)?.[0].length ?? 0;
    if (at >= source.length) break;
    const quote = match(opening);
    if (quote) {
      const [whole, prefix = '', mark = ''] = quote;
      const raw = /r/i.test(prefix);
      let end = at + whole.length;
      while (!source.startsWith(mark, end)) {
        if (end >= source.length || (mark.length === 1 && source[end] === '\n')) {
          throw fail(`token recognition error at: '${source.slice(at)}'`);
        }
        end += !raw && source[end] === '\\' ? 2 : 1;
      }
      const text = source.slice(at, end + mark.length);
      const inner = source.slice(at + whole.length, end);
      const bytes = /b/i.test(prefix);
      if (bytes) literal(readBytes(raw ? inner.replaceAll('\\', '\\\\') : inner, fail), text);
      else literal(raw ? inner : readText(inner, fail), text);
      continue;
    }
    const digits = match(number);
    if (digits) {
      literal(readNumber(digits, tokens.at(-1), fail), digits[0]);
      continue;
    }
    const word = match(name)?.[0];
    const text = word ?? match(sign)?.[0];
    if (text === undefined) throw fail(`token recognition error at: '${source[at] ?? ''}'`);
    tokens.push({ at, form: word === undefined ? 'sign' : 'name', text });
    at += text.length;
  }
  tokens.push({ at: source.length, form: 'end', text: '' });
  return tokens;
}

function readNumber(found: RegExpExecArray, before: Token | undefined, fail: (message: string) => Error): Value {
  const { double, whole = '', unsigned } = found.groups ?? {};
  if (double !== undefined) return Number(double);
  const value = BigInt(whole);
  if (unsigned !== undefined) {
    if (value >= 2n ** 64n) throw fail('invalid uint literal');
    return uint(value);
  }
  // The least of all has no positive counterpart: it is written with its sign.
  if (!fitsInt(value) && !(before?.text === '-' && value === -minInt)) throw fail('invalid int literal');
  return value;
}

function readText(inner: string, fail: (message: string) => Error): string {
  return inner.replace(escape, (whole: string, ...[letter, byte, short, long, octal]: (string | undefined)[]) => {
    if (letter !== undefined) return simple[letter] ?? letter;
    const code = octal === undefined ? Number.parseInt(byte ?? short ?? long ?? '', 16) : Number.parseInt(octal, 8);
    if (Number.isNaN(code) || code > 0x10ffff) throw fail(`unable to unescape string: ${whole}`);
    return String.fromCodePoint(code);
  });
}

/** Of bytes `\xff` and `\377` are a byte each, where in texts they are a character. */
function readBytes(inner: string, fail: (message: string) => Error): Uint8Array {
  const parts: Buffer[] = [];
  let last = 0;
  for (const found of inner.matchAll(escape)) {
    parts.push(Buffer.from(inner.slice(last, found.index)));
    const [whole, , byte, , , octal] = found;
    const code = byte ?? octal;
    parts.push(
      code === undefined
        ? Buffer.from(readText(whole, fail))
        : Buffer.of(Number.parseInt(code, byte === undefined ? 8 : 16)),
    );
    last = found.index + whole.length;
  }
  parts.push(Buffer.from(inner.slice(last)));
  return new Uint8Array(Buffer.concat(parts));
}
