import { resolvePlain } from '../yaml/scalar.js';

const indentation = '  ';

/** Whether a plain scalar would be read as this same text: nothing that YAML 1.1 or 1.2 gives another meaning. */
function isPlainText(text: string): boolean {
  if (text === '' || text !== text.trim()) return false;
  if (/^[-?:,[\]{}#&*!|>'"%@`=~]/.test(text) && !/^[-?:][^\s,[\]{}]/.test(text)) return false;
  return !/: |:$| #|[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/.test(text) && !/[\ud800-\udfff]/.test(text);
}

const words = /^(?:y|n|yes|no|on|off|true|false|null|~|<<|=|\.nan|[-+]?\.inf)$/i;

/** Numbers, dates and base 60 of YAML 1.1, besides what this package's own reader resolves. */
function looksTyped(text: string): boolean {
  return (
    words.test(text) ||
    /^[-+]?[0-9_]*\.?[0-9_]*(?:e[-+]?[0-9]+)?$/i.test(text) ||
    typeof resolvePlain(text).value !== 'string' ||
    /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/.test(text) ||
    /^[-+]?(?:[0-9][0-9_]*|0[xob][0-9a-f_]+)(?:\.[0-9_]*)?(?:e[-+]?[0-9]+)?$/i.test(text) ||
    /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}/.test(text)
  );
}

/** Most texts: no sign in them has a meaning, wherever it stands. */
const harmless = /^[A-Za-z/$_][A-Za-z0-9/$_.@=+-]*$/;

/** `e0`: a number without digits to some readers of YAML 1.1. */
const exponent = /^e[-+]?[0-9]+$/i;

function printText(text: string): string {
  if (harmless.test(text) && (text.length > 5 || !words.test(text)) && !exponent.test(text)) return text;
  if (text !== '' && looksTyped(text)) return JSON.stringify(text);
  if (isPlainText(text)) return text;
  // Single quotes hold printable text on one line; everything else needs escapes, which JSON's are.
  if (text !== '' && /^[\u0020-\u007e\u00a0-\ud7ff\ue000-\ufefe]*$/.test(text) && !/[\u2028\u2029]/.test(text)) {
    return `'${text.replaceAll("'", "''")}'`;
  }
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Several lines as a block, if a block can hold them. */
function printLines(text: string, margin: string): string | undefined {
  if (!text.includes('\n') || !/^[^\s]/.test(text) || /[^\n\u0020-\u007e\u00a0-\ud7ff\ue000-\ufefe]/.test(text))
    return undefined;
  if (/[ ]\n|[ ]$|[\u2028\u2029]/.test(text)) return undefined;
  const body = text.replace(/\n+$/, '');
  const ending = text.slice(body.length);
  const mark = ending === '' ? '|-' : ending === '\n' ? '|' : '|+';
  const lines = (ending.length > 1 ? text.slice(0, -1) : body).split('\n');
  return `${mark}\n${lines.map((line) => (line === '' ? '' : margin + line)).join('\n')}`;
}

function printScalar(value: unknown, margin: string): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return printLines(value, margin) ?? printText(value);
  if (typeof value === 'number') {
    if (Number.isNaN(value)) return '.nan';
    return Number.isFinite(value) ? String(value) : value > 0 ? '.inf' : '-.inf';
  }
  return String(value);
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : Object.keys(value as object).length === 0;
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function write(value: object, margin: string, out: string[]): void {
  if (Array.isArray(value)) {
    for (const item of value) writeEntry('-', item, margin, out);
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    writeEntry(`${printText(key)}:`, inner, margin, out);
  }
}

function writeEntry(head: string, value: unknown, margin: string, out: string[]): void {
  if (!isNested(value)) out.push(`${margin}${head} ${printScalar(value, margin + indentation)}`);
  else if (isEmpty(value)) out.push(`${margin}${head} ${Array.isArray(value) ? '[]' : '{}'}`);
  else if (head !== '-') {
    out.push(margin + head);
    write(value, margin + indentation, out);
  } else {
    // The first line of a list's entry stands beside its dash.
    const lines: string[] = [];
    write(value, margin + indentation, lines);
    const [first = '', ...others] = lines;
    out.push(`${margin}- ${first.slice(margin.length + indentation.length)}`);
    for (const line of others) out.push(line);
  }
}

/** Plain data as YAML text, in the style of docker compose: two spaces, lists indented, quotes only where they are needed. */
export function printYaml(value: Readonly<Record<string, unknown>>): string {
  const out: string[] = [];
  write(value, '', out);
  return out.length === 0 ? '{}\n' : `${out.join('\n')}\n`;
}
