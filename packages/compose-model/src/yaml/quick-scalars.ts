/** Thrown where the quick parser leaves a text to the full one. One object, since it is no error that anyone sees. */
export const leave: unique symbol = Symbol('leave');

const escapes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\u0007',
  b: '\b',
  t: '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\u001b',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
};

const lengths: Readonly<Record<string, number>> = { x: 2, u: 4 };

/** A quoted text on one line. @returns the text, and the offset behind its closing quote */
export function readQuoted(text: string, start: number): { readonly value: string; readonly end: number } {
  const quote = text.charAt(start);
  let end = text.indexOf(quote, start + 1);
  if (quote === "'") {
    while (end >= 0 && text[end + 1] === "'") end = text.indexOf("'", end + 2);
    if (end < 0) throw leave;
    const inside = text.slice(start + 1, end);
    if (inside.includes('\n')) throw leave;
    return { value: inside.replaceAll("''", "'"), end: end + 1 };
  }
  if (end < 0) throw leave;
  const plain = text.slice(start + 1, end);
  if (plain.includes('\n')) throw leave;
  if (!plain.includes('\\')) return { value: plain, end: end + 1 };
  let value = '';
  let at = start + 1;
  for (;;) {
    const char = text.charAt(at);
    if (char === '' || char === '\n') throw leave;
    if (char === '"') return { value, end: at + 1 };
    if (char !== '\\') {
      value += char;
      at += 1;
      continue;
    }
    const kind = text.charAt(at + 1);
    const length = lengths[kind];
    if (length === undefined) {
      const escaped = escapes[kind];
      if (escaped === undefined) throw leave;
      value += escaped;
      at += 2;
    } else {
      const digits = text.slice(at + 2, at + 2 + length);
      if (!/^[0-9a-fA-F]+$/.test(digits) || digits.length !== length || /^[dD][89a-fA-F]/.test(digits)) throw leave;
      value += String.fromCharCode(parseInt(digits, 16));
      at += 2 + length;
    }
  }
}

/**
 * A block scalar, `|` or `>`, from its mark on. @param parent indentation that its lines must exceed
 * @returns the text, and the offset of the first line behind it
 */
export function readBlock(
  text: string,
  start: number,
  parent: number,
): { readonly value: string; readonly end: number } {
  const folded = text[start] === '>';
  const headerEnd = text.indexOf('\n', start);
  if (headerEnd < 0) throw leave;
  const header = /^[|>]([-+]?)(?: +(?:#.*)?)?$/.exec(text.slice(start, headerEnd));
  if (header === null) throw leave;
  const lines: string[] = [];
  let margin = -1;
  let leading = 0;
  let at = headerEnd + 1;
  while (at < text.length) {
    const newline = text.indexOf('\n', at);
    // Whether the last line of a file counts as ended is left to the full parser.
    if (newline < 0) throw leave;
    let indent = at;
    while (text.charCodeAt(indent) === 32) indent += 1;
    if (indent === newline) {
      if (margin < 0) leading = Math.max(leading, indent - at);
      lines.push(margin < 0 ? '' : text.slice(Math.min(at + margin, newline), newline));
      at = newline + 1;
      continue;
    }
    const column = indent - at;
    if (margin < 0) {
      if (column <= parent) break;
      if (leading > column) throw leave;
      margin = column;
    } else if (column < margin) {
      if (column > parent) throw leave;
      break;
    }
    lines.push(text.slice(at + margin, newline));
    at = newline + 1;
  }
  if (margin < 0) throw leave;
  let last = lines.length;
  while (last > 0 && (lines[last - 1] ?? '').trim() === '') last -= 1;
  // Spaces beyond the margin in a blank last line count as text for some readers only.
  if (lines.slice(last).some((line) => line !== '')) throw leave;
  const body = lines.slice(0, last);
  const value = folded ? fold(body) : body.join('\n');
  const chomp = header[1];
  const ending = chomp === '-' ? '' : chomp === '+' ? '\n'.repeat(lines.length - last + 1) : '\n';
  return { value: value + ending, end: at };
}

/** Joins lines with a space; an empty line is a line break, and indented lines keep theirs (YAML 1.2, section 8.1.3). */
function fold(lines: readonly string[]): string {
  const first = lines.findIndex((line) => line !== '');
  let value = '\n'.repeat(Math.max(first, 0));
  let separator = '';
  let wasIndented = false;
  for (const line of lines.slice(Math.max(first, 0))) {
    if (line.startsWith(' ')) {
      if (separator === ' ') separator = '\n';
      else if (!wasIndented && separator === '\n') separator = '\n\n';
      value += separator + line;
      separator = '\n';
      wasIndented = true;
    } else if (line === '') {
      if (separator === '\n') value += '\n';
      else separator = '\n';
    } else {
      value += separator + line;
      separator = ' ';
      wasIndented = false;
    }
  }
  return value;
}
