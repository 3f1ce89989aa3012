import type { Range } from '../types/resource.js';

/** Sorted, merged where they overlap or touch. Inverted ranges are kept as they are: validation refuses them. */
export function coalesceRanges(ranges: readonly Range[]): Range[] {
  const sorted = [...ranges].sort((a, b) => a.begin - b.begin || a.end - b.end);
  const result: Range[] = [];
  let current: Range | undefined;
  for (const { begin, end } of sorted) {
    if (current && begin <= current.end + 1) {
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
  const holes = coalesceRanges(right);
  const result: Range[] = [];
  let first = 0;
  for (const range of coalesceRanges(left)) {
    let begin = range.begin;
    while (first < holes.length && (holes[first]?.end ?? 0) < begin) first += 1;
    for (let i = first; i < holes.length; i += 1) {
      const hole = holes[i];
      if (!hole || hole.begin > range.end) break;
      if (hole.begin > begin) result.push({ begin, end: hole.begin - 1 });
      begin = hole.end + 1;
      if (begin > range.end) break;
    }
    if (begin <= range.end) result.push({ begin, end: range.end });
  }
  return result;
}

/** Whether every number of `part` is in `whole`. */
export function containsRanges(whole: readonly Range[], part: readonly Range[]): boolean {
  const outer = coalesceRanges(whole);
  let at = 0;
  return coalesceRanges(part).every(({ begin, end }) => {
    while (at < outer.length && (outer[at]?.end ?? 0) < begin) at += 1;
    const candidate = outer[at];
    return candidate !== undefined && candidate.begin <= begin && end <= candidate.end;
  });
}

/** The same numbers, however cut. */
export function equalRanges(left: readonly Range[], right: readonly Range[]): boolean {
  const a = coalesceRanges(left);
  const b = coalesceRanges(right);
  return a.length === b.length && a.every((range, i) => range.begin === b[i]?.begin && range.end === b[i]?.end);
}

/** Order by inclusion: 0 equal, -1 if `left` is a proper part of `right`, else 1. */
export function compareRanges(left: readonly Range[], right: readonly Range[]): -1 | 0 | 1 {
  if (equalRanges(left, right)) return 0;
  return containsRanges(right, left) ? -1 : 1;
}

/** How many numbers the ranges hold; overlaps count twice. */
export function sizeOfRanges(ranges: readonly Range[]): number {
  return ranges.reduce((size, { begin, end }) => size + (end - begin + 1), 0);
}

/** The ranges that hold just these numbers. */
export function rangesOfNumbers(numbers: readonly number[]): Range[] {
  return coalesceRanges(numbers.map((number) => ({ begin: number, end: number })));
}

/** As {@link coalesceRanges}, with inverted ranges turned round first: for input from others. */
export function normalizeRanges(ranges: readonly Range[]): Range[] {
  return coalesceRanges(ranges.map(({ begin, end }) => (begin <= end ? { begin, end } : { begin: end, end: begin })));
}

/** Index of the range that holds `number`, or -1. The ranges are sorted and do not overlap. */
export function indexOfRange(ranges: readonly Range[], number: number): number {
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
export function removeFromRanges(ranges: readonly Range[], number: number): { ranges: Range[]; found: boolean } {
  const found = ranges.some(({ begin, end }) => begin <= number && number <= end);
  return { ranges: found ? subtractRanges(ranges, [{ begin: number, end: number }]) : [...ranges], found };
}

/** Least and greatest number; undefined without ranges. */
export function boundsOfRanges(ranges: readonly Range[]): { min: number; max: number } | undefined {
  const [first] = ranges;
  if (!first) return undefined;
  return ranges.reduce(({ min, max }, { begin, end }) => ({ min: Math.min(min, begin), max: Math.max(max, end) }), {
    min: first.begin,
    max: first.end,
  });
}

/** `[1-5, 7-9]`. */
export function printRanges(ranges: readonly Range[]): string {
  return `[${ranges.map(({ begin, end }) => `${printBound(begin)}-${printBound(end)}`).join(', ')}]`;
}

/** Above 2^53 a number prints as the integer it has become, never with an exponent. */
function printBound(bound: number): string {
  return Number.isSafeInteger(bound) ? String(bound) : BigInt(bound).toString();
}
