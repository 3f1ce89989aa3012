/*
 * moby compiles a pattern to a regular expression of Go, and some patterns reach that dialect: `[[:alpha:]]`, `\pL`, `\z`. This
 * translates the part of it that patterns can reach.
 */

const posix: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7F',
  blank: '\\t ',
  cntrl: '\\x00-\\x1F\\x7F',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

const sets: Readonly<Record<string, string>> = { d: '0-9', s: '\\t\\n\\f\\r ', w: '0-9A-Za-z_' };
const controls: Readonly<Record<string, string>> = {
  a: '\\x07',
  f: '\\f',
  n: '\\n',
  r: '\\r',
  t: '\\t',
  v: '\\v',
};

function literal(char: string): string {
  return /[\^$\\.*+?()[\]{}|/-]/.test(char) ? `\\${char}` : char;
}

class Translation {
  readonly source: string;
  at = 0;

  constructor(source: string) {
    this.source = source;
  }

  fail(what: string): never {
    throw new SyntaxError(`${what} in ${JSON.stringify(this.source)}`);
  }

  next(): string {
    const code = this.source.codePointAt(this.at);
    if (code === undefined) return '';
    const char = String.fromCodePoint(code);
    this.at += char.length;
    return char;
  }

  translate(): string {
    let result = '';
    for (let char = this.next(); char !== ''; char = this.next()) {
      if (char === '\\') result += this.escape(false);
      else if (char === '[') result += this.bracket();
      else if (char === '.') result += '[^\\n]';
      else if (char === ']') result += '\\]';
      else result += char;
    }
    return result;
  }

  /** What follows a backslash. */
  escape(inBracket: boolean): string {
    const char = this.next();
    if (char === '') this.fail('trailing backslash');
    if (!/[0-9A-Za-z]/.test(char)) {
      if (char > '\x7f') this.fail(`invalid escape \\${char}`);
      return literal(char);
    }
    const control = controls[char];
    if (control !== undefined) return control;
    const set = sets[char.toLowerCase()];
    if (set !== undefined) {
      if (char === char.toLowerCase()) return inBracket ? set : `[${set}]`;
      return char === 'S' ? (inBracket ? this.fail('\\S in a bracket') : `[^${set}]`) : `\\${char}`;
    }
    if (char === 'p' || char === 'P') {
      const category = this.next();
      if (!/^[CLMNPSZ]$/.test(category)) this.fail(`invalid character class range \\${char}${category}`);
      return `\\${char}{${category}}`;
    }
    if (char === 'x') {
      const digits = this.next() + this.next();
      if (!/^[0-9A-Fa-f]{2}$/.test(digits)) this.fail('invalid escape \\x');
      return `\\x${digits}`;
    }
    if (/[0-7]/.test(char)) {
      const more = /^[0-7]{0,2}/.exec(this.source.slice(this.at))?.[0] ?? '';
      if (char !== '0' && more === '') this.fail(`invalid escape \\${char}`);
      this.at += more.length;
      return `\\u{${parseInt(char + more, 8).toString(16)}}`;
    }
    if (!inBracket) {
      if (char === 'A') return '^';
      if (char === 'z') return '$';
      if (char === 'b' || char === 'B') return `\\${char}`;
    }
    return this.fail(`invalid escape \\${char}`);
  }

  bracket(): string {
    let result = '[';
    if (this.source[this.at] === '^') {
      this.at += 1;
      result += '^';
    }
    for (let first = true; ; first = false) {
      const named = /^\[:(\^?)([a-z]+):\]/.exec(this.source.slice(this.at, this.at + 20));
      if (named !== null) {
        const [whole, negated, name = ''] = named;
        const range = posix[name];
        if (range === undefined || negated === '^') this.fail(`invalid character class range ${whole}`);
        this.at += whole.length;
        result += range;
        continue;
      }
      const char = this.next();
      if (char === '') this.fail('missing closing ]');
      if (char === ']' && !first) return `${result}]`;
      if (char === '\\') result += this.escape(true);
      else if (char === '-') result += '-';
      else result += literal(char);
    }
  }
}

/** @throws SyntaxError for what neither dialect accepts */
export function compileGoRegexp(source: string): RegExp {
  return new RegExp(new Translation(source).translate(), 'u');
}
