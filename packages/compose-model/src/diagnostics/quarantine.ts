import { map, scalar, withEntries, type MapTree, type Tree } from '../tree/tree.js';
import type { Place } from '../tree/place.js';
import type { Findings } from './compose-error.js';

/** What stands for a whole service, network and so on that is wrong: whatever refers to it finds one. */
const stand: Readonly<Record<string, (at: Place) => MapTree>> = {
  services: (at) => map([sourceOf('image', at), sourceOf('build', at)], at),
  networks: (at) => map([], at),
  volumes: (at) => map([], at),
  secrets: (at) => map([['external', scalar(true, at)]], at),
  configs: (at) => map([['external', scalar(true, at)]], at),
  models: (at) => map([['model', scalar('-', at)]], at),
};

function sourceOf(key: 'image' | 'build', at: Place): readonly [string, Tree] {
  return [key, key === 'image' ? scalar('-', at) : map([['context', scalar('.', at)]], at)];
}

/** A service without attributes that are wrong. One of them may have been meant to say what it runs. */
function withoutAttributes(service: Tree, broken: ReadonlySet<string>): Tree {
  if (service.kind !== 'map') return service;
  const changes: [string, Tree | undefined][] = [...broken].map((key) => [key, undefined]);
  const left = (key: string): boolean => service.entries.has(key) && !broken.has(key);
  if (broken.has('build')) changes.push([...sourceOf('build', service.at)]);
  else if (!['image', 'build', 'provider', 'extends'].some(left)) changes.push([...sourceOf('image', service.at)]);
  return withEntries(service, changes);
}

/**
 * Ends a phase: attributes of services with an error are taken away, and each other thing with an error is replaced by one without any,
 * so that the phases that follow can rely on the rules checked so far and still find what else is wrong. An error about a whole section
 * ends the loading.
 *
 * @throws ComposeError
 */
export function quarantine(tree: MapTree, findings: Findings): MapTree {
  if (findings.errors.length === 0) return tree;
  const broken = findings.endPhase();
  if (broken.size === 0) return tree;
  const sections: [string, Tree][] = [];
  for (const [section, make] of Object.entries(stand)) {
    const whole = tree.entries.get(section);
    if (whole?.kind !== 'map') continue;
    const changes: [string, Tree][] = [];
    for (const [name, value] of whole.entries) {
      const attributes = broken.get(`${section}.${name}`);
      if (attributes === undefined) continue;
      const replaced = attributes === 'whole' || section !== 'services';
      changes.push([name, replaced ? make(value.at) : withoutAttributes(value, attributes)]);
    }
    sections.push([section, withEntries(whole, changes)]);
  }
  return withEntries(tree, sections);
}
