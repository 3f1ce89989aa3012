import type { Uint64 } from '../types/ids.js';
import type { MesosValue, Range } from '../types/resource.js';
import { GREATEST_UINT64, narrow } from './integer.js';
import { coalesceRanges } from './ranges.js';

/** What `parseValueText` found wrong; `offset` counts from the start of the value. */
export interface ValueProblem {
  problem: string;
  offset: number;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const BRACKETS = { '{}': /[{}]/g, '[]': /[[\]]/g, '()': /[()]/g } as const;
const LEAST_NORMAL = 2.2250738585072014e-308;

/**
 * Reads one value as Mesos does (src/v1/values.cpp): spaces do not count; `[` first makes ranges, `{` first a set, a number a
 * scalar, anything else text. Negative, infinite and undefined numbers are text, subnormal ones an error.
 */
export function parseValueText(text: string): MesosValue | ValueProblem {
  const compact = text.replaceAll(' ', '');
  if (compact === '') return { problem: 'a value is missing', offset: 0 };
  for (const pair of ['{}', '[]', '()'] as const) {
    const offset = findUnbalanced(text, pair);
    if (offset >= 0) return { problem: `bracket "${text[offset] ?? ''}" has no partner`, offset };
  }
  if (compact.startsWith('[')) return parseRangesText(compact, text);
  if (compact.includes('[')) return { problem: 'unexpected "["', offset: text.indexOf('[') };
  if (compact.startsWith('{')) {
    return { type: 'SET', set: { item: compact.split(/[{},\n]/).filter((item) => item !== '') } };
  }
  if (compact.includes('{')) return { problem: 'unexpected "{"', offset: text.indexOf('{') };
  if (NUMBER.test(compact)) {
    const value = Number(compact);
    if (value !== 0 && Math.abs(value) < LEAST_NORMAL) return { problem: 'the number is too small', offset: 0 };
    if (Number.isFinite(value) && value >= 0) return { type: 'SCALAR', scalar: { value: value || 0 } };
  }
  return { type: 'TEXT', text: { value: compact } };
}

function parseRangesText(compact: string, text: string): MesosValue | ValueProblem {
  const bounds = compact.split(/[[\]\-,\n]/).filter((bound) => bound !== '');
  if (bounds.length % 2 !== 0) return { problem: 'ranges are begin-end pairs', offset: text.indexOf('[') };
  const ranges: Range[] = [];
  let begin: Uint64 | undefined;
  for (const bound of bounds) {
    const value = parseBound(bound);
    if (value === undefined)
      return { problem: `"${bound}" is not a whole number below 2^64`, offset: Math.max(0, text.indexOf(bound)) };
    if (begin === undefined) begin = value;
    else {
      ranges.push({ begin, end: value });
      begin = undefined;
    }
  }
  return { type: 'RANGES', ranges: { range: coalesceRanges(ranges) } };
}

/** Decimal with or without a plus, or hexadecimal after `0x` (numify of stout). */
function parseBound(text: string): Uint64 | undefined {
  // What ports look like.
  if (/^\d{1,15}$/.test(text)) return Number(text);
  if (!/^(?:\+?\d+|0[xX][\da-fA-F]+)$/.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ''));
  return value <= GREATEST_UINT64 ? narrow(value) : undefined;
}

function findUnbalanced(text: string, pair: '{}' | '[]' | '()'): number {
  const opened: number[] = [];
  for (const { 0: bracket, index } of text.matchAll(BRACKETS[pair])) {
    if (bracket === pair[0]) opened.push(index);
    else if (opened.pop() === undefined) return index;
  }
  return opened.pop() ?? -1;
}
