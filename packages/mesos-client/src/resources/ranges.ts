import type { Uint64 } from '../types/ids.js';
import type { Range } from '../types/resource.js';
import { isSame, predecessor, printInteger, successor } from './integer.js';

/** Sorted, merged where they overlap or touch. Inverted ranges are kept as they are: validation refuses them. */
export function coalesceRanges(ranges: readonly Range[]): Range[] {
  const sorted = [...ranges].sort(compareBounds);
  const result: Range[] = [];
  let current: Range | undefined;
  for (const { begin, end } of sorted) {
    if (current && begin <= successor(current.end)) {
      if (end > current.end) current.end = end;
    } else {
      current = { begin, end };
      result.push(current);
    }
  }
  return result;
}

/** Numbers of either side. */
export function addRanges(left: readonly Range[], right: readonly Range[]): Range[] {
  return coalesceRanges([...left, ...right]);
}

/** What is in `left` and not in `right`. Both may be unsorted. */
export function subtractRanges(left: readonly Range[], right: readonly Range[]): Range[] {
  const holes = coalesced(right);
  const result: Range[] = [];
  let first = 0;
  for (const range of coalesced(left)) {
    let begin = range.begin;
    while (first < holes.length && (holes[first]?.end ?? 0) < begin) first += 1;
    for (let i = first; i < holes.length; i += 1) {
      const hole = holes[i];
      if (!hole || hole.begin > range.end) break;
      if (hole.begin > begin) result.push({ begin, end: predecessor(hole.begin) });
      begin = successor(hole.end);
      if (begin > range.end) break;
    }
    if (begin <= range.end) result.push({ begin, end: range.end });
  }
  return result;
}

/** Whether every number of `part` is in `whole`. */
export function containsRanges(whole: readonly Range[], part: readonly Range[]): boolean {
  const outer = coalesced(whole);
  let at = 0;
  return coalesced(part).every(({ begin, end }) => {
    while (at < outer.length && (outer[at]?.end ?? 0) < begin) at += 1;
    const candidate = outer[at];
    return candidate !== undefined && candidate.begin <= begin && end <= candidate.end;
  });
}

/** The same numbers, however cut. */
export function equalRanges(left: readonly Range[], right: readonly Range[]): boolean {
  const [a, b] = [coalesced(left), coalesced(right)];
  return (
    a.length === b.length &&
    a.every(({ begin, end }, i) => {
      const other = b[i];
      return other !== undefined && isSame(begin, other.begin) && isSame(end, other.end);
    })
  );
}

/** Order by inclusion: 0 equal, -1 if `left` is a proper part of `right`, else 1. */
export function compareRanges(left: readonly Range[], right: readonly Range[]): -1 | 0 | 1 {
  if (equalRanges(left, right)) return 0;
  return containsRanges(right, left) ? -1 : 1;
}

/** How many numbers the ranges hold; overlaps count twice. Exact up to 2^53. */
export function sizeOfRanges(ranges: readonly Range[]): number {
  return ranges.reduce((size, { begin, end }) => size + lengthOf(begin, end), 0);
}

/** The ranges that hold just these numbers. */
export function rangesOfNumbers(numbers: readonly Uint64[]): Range[] {
  return coalesceRanges(numbers.map((number) => ({ begin: number, end: number })));
}

/** As {@link coalesceRanges}, with inverted ranges turned round first: for input from others. */
export function normalizeRanges(ranges: readonly Range[]): Range[] {
  return coalesceRanges(ranges.map(({ begin, end }) => (begin <= end ? { begin, end } : { begin: end, end: begin })));
}

/** Index of the range that holds `number`, or -1. The ranges are sorted and do not overlap. */
export function indexOfRange(ranges: readonly Range[], number: Uint64): number {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle];
    if (!range) break;
    if (number < range.begin) high = middle - 1;
    else if (number > range.end) low = middle + 1;
    else return middle;
  }
  return -1;
}

/** The ranges without one number, and whether it was there. */
export function removeFromRanges(ranges: readonly Range[], number: Uint64): { ranges: Range[]; found: boolean } {
  const found = ranges.some(({ begin, end }) => begin <= number && number <= end);
  return { ranges: found ? subtractRanges(ranges, [{ begin: number, end: number }]) : [...ranges], found };
}

/** Least and greatest number; undefined without ranges. */
export function boundsOfRanges(ranges: readonly Range[]): { min: Uint64; max: Uint64 } | undefined {
  const [first] = ranges;
  if (!first) return undefined;
  const bounds = { min: first.begin, max: first.end };
  for (const { begin, end } of ranges) {
    if (begin < bounds.min) bounds.min = begin;
    if (end > bounds.max) bounds.max = end;
  }
  return bounds;
}

/** `[1-5, 7-9]`. */
export function printRanges(ranges: readonly Range[]): string {
  return `[${ranges.map(({ begin, end }) => `${printInteger(begin)}-${printInteger(end)}`).join(', ')}]`;
}

/** {@link coalesceRanges} to be read only: ranges that are in order already, as those of offers are, are not copied. */
function coalesced(ranges: readonly Range[]): readonly Range[] {
  for (let i = 1; i < ranges.length; i += 1) {
    const [previous, next] = [ranges[i - 1], ranges[i]];
    if (previous && next && next.begin <= successor(previous.end)) return coalesceRanges(ranges);
  }
  return ranges;
}

function compareBounds(a: Range, b: Range): number {
  if (a.begin < b.begin) return -1;
  if (a.begin > b.begin) return 1;
  return a.end < b.end ? -1 : a.end > b.end ? 1 : 0;
}

function lengthOf(begin: Uint64, end: Uint64): number {
  return typeof begin === 'number' && typeof end === 'number'
    ? end - begin + 1
    : Number(BigInt(end) - BigInt(begin) + 1n);
}
