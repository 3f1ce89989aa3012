import { expand, InvalidTemplate, MissingVariable, type Lookup } from '../interpolate/template.js';

/** What is wrong with an env file, and in which of its lines. `message` quotes the file, `summary` does not: its values may be secrets. */
export class EnvFileError extends Error {
  override readonly name = 'EnvFileError';
  readonly line: number;
  readonly summary: string;

  constructor(line: number, message: string, summary = message) {
    super(`line ${line}: ${message}`);
    this.line = line;
    this.summary = `line ${line}: ${summary}`;
  }
}

const blank = /[ \t\v\f\r\u0085\u00a0]/;
/** White space at the end of a name or value, as Go has it. */
const tail = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/;

class Reader {
  readonly text: string;
  readonly lookup: Lookup;
  readonly variables: boolean;
  readonly found = new Map<string, string>();
  at = 0;

  constructor(text: string, lookup: Lookup, variables: boolean) {
    this.text = text;
    this.lookup = lookup;
    this.variables = variables;
  }

  fail(at: number, message: string, summary?: string): never {
    throw new EnvFileError(this.text.slice(0, at).split('\n').length, message, summary);
  }

  /** Variables of the caller first, then those read so far. */
  resolve: Lookup = (name) => this.lookup(name) ?? this.found.get(name);

  lineEnd(from: number): number {
    const end = this.text.indexOf('\n', from);
    return end < 0 ? this.text.length : end;
  }

  /** Skips blank lines and comments. */
  skip(): void {
    while (this.at < this.text.length) {
      const char = this.text.charAt(this.at);
      if (char === '#') this.at = this.lineEnd(this.at);
      else if (char === '\n' || blank.test(char)) this.at += 1;
      else return;
    }
  }

  read(): ReadonlyMap<string, string> {
    for (this.skip(); this.at < this.text.length; this.skip()) {
      const key = this.readKey();
      if (key.inherited) {
        const value = this.lookup(key.name);
        if (value !== undefined) this.found.set(key.name, value);
      } else {
        this.found.set(key.name, this.readValue());
      }
    }
    return this.found;
  }

  readKey(): { name: string; inherited: boolean } {
    if (/^export[\t\n\f\r ]/.test(this.text.slice(this.at, this.at + 7))) {
      this.at += 6;
      while (this.at < this.text.length && blank.test(this.text.charAt(this.at))) this.at += 1;
    }
    const start = this.at;
    for (let index = start; ; index += 1) {
      const char = this.text.charAt(index);
      if (char === '=' || char === ':') {
        const name = this.text.slice(start, index).replace(tail, '');
        if (name.includes(' ')) this.fail(index, 'key cannot contain a space');
        this.at = index + 1;
        return { name, inherited: false };
      }
      if (char === '\n' || char === '') {
        const name = this.text.slice(start, index).replace(tail, '');
        if (name.includes(' ')) this.fail(start, 'key cannot contain a space');
        this.at = index;
        return { name, inherited: true };
      }
      if (!/[\p{L}\p{N}_.\-[\]]/u.test(char) && !blank.test(char)) {
        const line = this.text.slice(start, this.lineEnd(start));
        const summary = `unexpected character ${JSON.stringify(char)} in a variable name`;
        this.fail(
          index,
          `unexpected character ${JSON.stringify(char)} in variable name ${JSON.stringify(line)}`,
          summary,
        );
      }
    }
  }

  readValue(): string {
    while (this.at < this.text.length && blank.test(this.text.charAt(this.at))) this.at += 1;
    const quote = this.text.charAt(this.at);
    if (quote === '"' || quote === "'") return this.readQuoted(quote);
    const end = this.lineEnd(this.at);
    const line = this.text.slice(this.at, end);
    const comment = line.indexOf(' #');
    this.at = end;
    const value = (comment < 0 ? line : line.slice(0, comment)).replace(tail, '');
    return this.expand(value);
  }

  readQuoted(quote: string): string {
    const start = this.at;
    let raw = '';
    let escaped = false;
    for (let index = start + 1; index < this.text.length; index += 1) {
      const char = this.text.charAt(index);
      if (char === quote && !escaped) {
        this.at = index + 1;
        return quote === "'" ? raw : this.expand(unescape(raw));
      }
      if (char === '\\' && !escaped) {
        escaped = true;
        continue;
      }
      raw += escaped && char !== quote ? `\\${char}` : char;
      escaped = false;
    }
    const summary = 'unterminated quoted value';
    return this.fail(start, `${summary} ${this.text.slice(start, this.lineEnd(start))}`, summary);
  }

  expand(value: string): string {
    if (!this.variables) return value;
    try {
      return expand(value, this.resolve);
    } catch (error) {
      if (error instanceof InvalidTemplate || error instanceof MissingVariable) {
        const invalid =
          error instanceof InvalidTemplate ? `Invalid template: ${JSON.stringify(error.message)}` : error.message;
        const summary =
          error instanceof InvalidTemplate
            ? 'invalid template'
            : error.message.replace(/(is missing a value).*/s, '$1');
        this.fail(this.at, invalid, summary);
      }
      throw error;
    }
  }
}

const escapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
};

/** Escapes of double-quoted values. `\$` becomes `$$`, which expansion then makes a dollar. */
function unescape(raw: string): string {
  return raw.replace(/\\(0[0-7]{3}|.)/gs, (whole, escape: string) => {
    if (escape === '$') return '$$';
    if (escape.length > 1) return String.fromCharCode(parseInt(escape, 8));
    return escapes[escape] ?? whole;
  });
}

/** How an env file is read. */
export interface EnvFileOptions {
  /** False: a dollar is a dollar, as in the env files of version 1. */
  readonly variables?: boolean;
}

/**
 * Reads an env file: `KEY=value` lines with comments, quotes, escapes and variables (specification notes, A11).
 * @param lookup variables of the surroundings; they win over those that the file sets when a value mentions them
 * @throws EnvFileError
 */
export function parseEnvFile(
  text: string,
  lookup: Lookup = () => undefined,
  { variables = true }: EnvFileOptions = {},
): ReadonlyMap<string, string> {
  return new Reader(text.replace(/^\ufeff/, ''), lookup, variables).read();
}

/** `format: raw`: every line is `KEY=value`, taken as it stands. */
export function parseRawEnvFile(text: string, lookup: Lookup = () => undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  text.split('\n').forEach((line, index) => {
    const trimmed = line.trimStart().replace(/\r$/, '');
    if (trimmed === '' || trimmed.startsWith('#')) return;
    const cut = trimmed.indexOf('=');
    const key = cut < 0 ? trimmed : trimmed.slice(0, cut);
    if (/\s/.test(key))
      throw new EnvFileError(
        index + 1,
        `variable '${key}' contains whitespaces`,
        'a variable name contains whitespaces',
      );
    if (key === '') throw new EnvFileError(index + 1, `no variable name on line '${line}'`, 'no variable name');
    const value = cut < 0 ? lookup(key) : trimmed.slice(cut + 1);
    if (value !== undefined) found.set(key, value);
  });
  return found;
}
