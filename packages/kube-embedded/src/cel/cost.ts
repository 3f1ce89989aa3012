import { type Value, isList, isMap, sizeOf } from './value.js';

/** Functions that look into what lists and maps hold, all the way down. */
const deep = new Set(['_==_', '_!=_', '@in', 'indexOf', 'lastIndexOf', 'isSorted', 'min', 'max', 'join', 'format']);
/** Functions that compare each item of one list with each of another. */
const crosswise = new Set(['sets.contains', 'sets.equivalent', 'sets.intersects']);

/** How much a value holds: characters and items, all the way down. Counts no further than `most`: what is shared may be vast when it is told apart. */
function weightOf(value: Value, most: number): number {
  const parts = isList(value) ? value : isMap(value) ? [...value].flat() : undefined;
  let weight = sizeOf(value);
  for (const part of parts ?? []) {
    if (weight > most) break;
    weight += weightOf(part, most - weight);
  }
  return weight;
}

/** What a call costs beside its step: one for each ten characters or items that it looks at. */
export function costOf(name: string, args: readonly Value[], most: number): number {
  const [first = null, second = null] = args;
  if (crosswise.has(name)) {
    return (weightOf(first, most * 10) * sizeOf(second) + weightOf(second, most * 10) * sizeOf(first)) / 10;
  }
  const weigh = deep.has(name) ? (arg: Value): number => weightOf(arg, most * 10) : sizeOf;
  return args.reduce<number>((cost, arg) => cost + weigh(arg) / 10, 0);
}
