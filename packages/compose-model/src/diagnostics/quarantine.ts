import { map, scalar, withEntries, type MapTree, type Tree } from '../tree/tree.js';
import type { Place } from '../tree/place.js';
import type { Findings } from './compose-error.js';

const stand: Readonly<Record<string, (at: Place) => Tree>> = {
  // Whatever refers to it finds a service with an image and a build.
  services: (at) =>
    map(
      [
        ['image', scalar('-', at)],
        ['build', map([['context', scalar('.', at)]], at)],
      ],
      at,
    ),
  networks: (at) => map([], at),
  volumes: (at) => map([], at),
  secrets: (at) => map([['external', scalar(true, at)]], at),
  configs: (at) => map([['external', scalar(true, at)]], at),
  models: (at) => map([['model', scalar('-', at)]], at),
};

/**
 * Ends a phase: each service, network and so on with an error is replaced by one without any, so that the phases that follow can rely
 * on the rules checked so far and still find what is wrong with the others. An error about a whole section ends the loading.
 *
 * @throws ComposeError
 */
export function quarantine(tree: MapTree, findings: Findings): MapTree {
  if (findings.errors.length === 0) return tree;
  const broken = findings.endPhase();
  const sections = Object.entries(stand).map(([section, make]): readonly [string, Tree | undefined] => {
    const entries = tree.entries.get(section);
    if (entries?.kind !== 'map') return [section, entries];
    const names = [...entries.entries.keys()].filter((name) => broken.has(`${section}.${name}`));
    return [
      section,
      withEntries(
        entries,
        names.map((name) => [name, make(entries.entries.get(name)?.at ?? entries.at)]),
      ),
    ];
  });
  return withEntries(
    tree,
    sections.filter(([, value]) => value !== undefined),
  );
}
