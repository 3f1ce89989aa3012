import { maskedPlace } from './diagnostics/mask.js';
import { locate, type Place, type Position } from './tree/place.js';
import type { Path } from './tree/path.js';
import type { Tree } from './tree/tree.js';

/** Says where a value of the model is written. */
export interface SourceMap {
  /**
   * @param path keys and indices from the root, such as `['services', 'web', 'ports', 1]`, in the canonical model
   * @returns where the value is written, or, for one that is only implied, what implies it; `undefined` when there is no such value
   */
  locate(path: Path): Position | undefined;
}

/** The nearest place to a path: the value itself, else the innermost value around it. Messages there show no values of variables. */
export function nearestPlace(tree: Tree, path: Path): Place {
  let nearest = tree;
  for (const step of path) {
    let value: Tree | undefined;
    if (nearest.kind === 'map' && typeof step === 'string') value = nearest.entries.get(step);
    else if (nearest.kind === 'list' && typeof step === 'number') value = nearest.items[step];
    if (value === undefined) break;
    nearest = value;
  }
  return maskedPlace(nearest);
}

export function createSourceMap(tree: Tree): SourceMap {
  return {
    locate(path) {
      let value: Tree | undefined = tree;
      for (const step of path) {
        if (value?.kind === 'map' && typeof step === 'string') value = value.entries.get(step);
        else if (value?.kind === 'list' && typeof step === 'number') value = value.items[step];
        else return undefined;
      }
      return value === undefined ? undefined : locate(value.at);
    },
  };
}
