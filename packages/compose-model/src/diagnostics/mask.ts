import type { Mask, Place } from '../tree/place.js';
import { printBound, printDotted, printPath, printPattern, type Path } from '../tree/path.js';
import type { Tree } from '../tree/tree.js';

/** The value itself, the variables in it, and their words, since a message may name only the part that is wrong. */
function spread(masks: readonly Mask[]): readonly Mask[] {
  const found: Mask[] = [];
  for (const mask of masks) {
    found.push(mask);
    for (const [name, value] of mask.used ?? []) {
      const shown = `\${${name}}`;
      found.push({ value, shown });
      for (const part of value.split(/[^\p{L}\p{N}]+/u)) {
        if (part.length >= 3 && part !== value) found.push({ value: part, shown });
      }
    }
  }
  return found.filter(({ value }) => value !== '');
}

/** A place whose messages show what the file says in place of the values of variables, which may be secrets. */
export function maskedAt(at: Place, masks: readonly Mask[]): Place {
  return masks.length === 0 ? at : { ...at, masks: [...(at.masks ?? []), ...masks] };
}

/** Where a value stands, with the masks of everything inside it: for messages that name an inner value. */
export function maskedPlace(tree: Tree): Place {
  const found = new Set<Mask>();
  const collect = (inner: Tree): void => {
    for (const mask of inner.at.masks ?? []) found.add(mask);
    if (inner.kind === 'list') inner.items.forEach(collect);
    else if (inner.kind === 'map') inner.entries.forEach(collect);
  };
  collect(tree);
  return found.size === 0 ? tree.at : { ...tree.at, masks: [...found] };
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function replaceValues(text: string, masks: readonly Mask[]): string {
  const shownBy = new Map<string, string>();
  for (const { value, shown } of masks) {
    shownBy.set(value, shown);
    // As it looks inside the quotes of a message.
    shownBy.set(JSON.stringify(value).slice(1, -1), shown);
  }
  // Longest first; short values only as whole words, since every text holds some letter.
  const patterns = [...shownBy.keys()]
    .sort((a, b) => b.length - a.length)
    .map((value) =>
      value.length >= 6 ? escapePattern(value) : `(?<![\\p{L}\\p{N}])${escapePattern(value)}(?![\\p{L}\\p{N}])`,
    );
  return text.replaceAll(new RegExp(patterns.join('|'), 'gu'), (value) => shownBy.get(value) ?? value);
}

/** A path with masks in place of keys that came from variables. */
export function maskPath(path: Path, given: readonly Mask[]): Path {
  if (given.length === 0) return path;
  const masks = spread(given);
  // The section, the resource's name and its attribute are keys of the file, never values.
  return path.map((step, index) => (index < 3 ? step : (masks.find(({ value }) => value === step)?.shown ?? step)));
}

/** A message without the values of variables. Where it names the path, the path stays readable. */
export function maskText(text: string, path: Path, given: readonly Mask[]): string {
  const masks = spread(given);
  if (masks.length === 0) return text;
  const hidden = maskPath(path, masks);
  for (const print of [printBound, printPath, printDotted, printPattern]) {
    const form = print(path);
    if (form === '' || !text.includes(form)) continue;
    return text
      .split(form)
      .map((part) => replaceValues(part, masks))
      .join(print(hidden));
  }
  return replaceValues(text, masks);
}
