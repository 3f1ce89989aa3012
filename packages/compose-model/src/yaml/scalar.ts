import type { Scalar } from '../tree/tree.js';

/*
 * Plain scalars as the YAML library of docker compose reads them: YAML 1.2 with the octal and underscore forms of 1.1, and `yes`
 * and `no` left as text (specification notes, part D).
 */
const integer = /^[-+]?(0b[01_]+|0o?[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*)$/;
const float = /^[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?$/;

export interface Resolved {
  readonly value: Scalar;
  /** Digits as written, for numbers. */
  readonly written?: string;
}

function parseInteger(text: string): number | undefined {
  const negative = text.startsWith('-');
  const digits = text.replace(/^[-+]/, '').replaceAll('_', '');
  let value: number;
  if (/^0b/.test(digits)) value = parseInt(digits.slice(2), 2);
  else if (/^0o/.test(digits)) value = parseInt(digits.slice(2), 8);
  else if (/^0x/.test(digits)) value = parseInt(digits.slice(2), 16);
  else if (/^0[0-7]+$/.test(digits)) value = parseInt(digits, 8);
  else value = Number(digits);
  if (Number.isNaN(value)) return undefined;
  return negative ? -value : value;
}

/** Resolves the type of a plain (unquoted) scalar. */
export function resolvePlain(text: string): Resolved {
  switch (text) {
    case '':
    case '~':
    case 'null':
    case 'Null':
    case 'NULL':
      return { value: null };
    case 'true':
    case 'True':
    case 'TRUE':
      return { value: true };
    case 'false':
    case 'False':
    case 'FALSE':
      return { value: false };
    case '.nan':
    case '.NaN':
    case '.NAN':
      return { value: Number.NaN, written: text };
    case '.inf':
    case '.Inf':
    case '.INF':
    case '+.inf':
    case '+.Inf':
    case '+.INF':
      return { value: Infinity, written: text };
    case '-.inf':
    case '-.Inf':
    case '-.INF':
      return { value: -Infinity, written: text };
  }
  const first = text.charCodeAt(0);
  const numeric = (first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46;
  if (!numeric) return { value: text };
  if (integer.test(text)) {
    const value = parseInteger(text);
    if (value !== undefined) return { value, written: text };
  }
  if (float.test(text)) return { value: Number(text.replaceAll('_', '')), written: text };
  return { value: text };
}
