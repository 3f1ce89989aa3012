import { type JsonObject, listAt, numberAt, objectAt, objectsAt, textAt } from '../json/tree.js';
import type { CustomKind, Kind, Subresource, Verb } from '../kinds/kind.js';
import { findKind, kinds } from '../kinds/table.js';
import { dropDefinitions } from '../schema/definition.js';
import type { Store } from '../storage/store.js';
import { columnsOfVersion } from './columns.js';
import { addDefinitions } from './definitions.js';

export const crdStore = 'customresourcedefinitions.apiextensions.k8s.io';

/** Everything that is served at this moment: the table, and what custom resource definitions add to it. */
export interface Kinds {
  list(): readonly Kind[];
  find(group: string, version: string, plural: string): Kind | undefined;
}

const verbs: readonly Verb[] = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
const writable = ['get', 'patch', 'update'];

const texts = (object: JsonObject | undefined, ...path: string[]): string[] =>
  listAt(object, ...path).filter((item) => typeof item === 'string');

/** The kinds of one definition, its definitions of fields registered under names that no other has. */
function kindsOf(crd: JsonObject, prefix: string): Kind[] {
  const group = textAt(crd, 'spec', 'group') ?? '';
  const names = objectAt(crd, 'spec', 'names');
  const plural = textAt(names, 'plural') ?? '';
  const kind = textAt(names, 'kind') ?? '';
  const versions = objectsAt(crd, 'spec', 'versions');
  const stored = versions.find((version) => version['storage'] === true);
  return versions
    .filter((version) => version['served'] === true)
    .map((served): Kind => {
      const version = textAt(served, 'name') ?? '';
      const schema = objectAt(served, 'schema', 'openAPIV3Schema') ?? {};
      const definition = `${prefix}${version}`;
      const published = `${group.split('.').reverse().join('.')}.${version}.${kind}`;
      addDefinitions(schema, definition, published, { group, version, kind });
      const custom: CustomKind = { definition, schema, columns: columnsOfVersion(served) };
      const scale = objectAt(served, 'subresources', 'scale');
      const subresources: Subresource[] = [
        ...(objectAt(served, 'subresources', 'status') ? [{ name: 'status', verbs: writable }] : []),
        // Only the usual place of the number is known to the scale subresource here.
        ...(textAt(scale, 'specReplicasPath') === '.spec.replicas'
          ? [{ name: 'scale', verbs: writable, group: 'autoscaling', version: 'v1', kind: 'Scale' }]
          : []),
      ];
      return {
        group,
        version,
        plural,
        singular: textAt(names, 'singular') ?? kind.toLowerCase(),
        kind,
        shortNames: texts(names, 'shortNames'),
        categories: texts(names, 'categories'),
        namespaced: textAt(crd, 'spec', 'scope') !== 'Cluster',
        verbs,
        subresources,
        store: `${plural}.${group}`,
        storedAs: `${group}/${textAt(stored, 'name') ?? version}`,
        counted: true,
        custom,
      };
    });
}

let serial = 0;

/** Follows the definitions in a store. Kinds are made anew for a definition that changed, when somebody asks. */
export function servedKinds(store: Store): Kinds {
  const own = ++serial;
  let seen = -1;
  let all: readonly Kind[] = kinds;
  let custom = new Map<string, Kind>();
  let known = new Map<string, { made: readonly Kind[]; prefix: string }>();
  const refresh = (): void => {
    const { end } = store.log(crdStore);
    if (end === seen) return;
    seen = end;
    const next: typeof known = new Map();
    for (const crd of store.list(crdStore).objects) {
      const uid = textAt(crd, 'metadata', 'uid') ?? '';
      const generation = numberAt(crd, 'metadata', 'generation') ?? 0;
      const prefix = `custom.${own}.${uid}.${generation}.`;
      const before = known.get(prefix);
      next.set(prefix, before ?? { made: kindsOf(crd, prefix), prefix });
    }
    for (const prefix of known.keys()) if (!next.has(prefix)) dropDefinitions(prefix);
    known = next;
    const made = [...known.values()].flatMap((entry) => entry.made);
    custom = new Map(made.map((kind) => [`${kind.group}/${kind.version}/${kind.plural}`, kind]));
    all = made.length === 0 ? kinds : [...kinds, ...made];
  };
  return {
    list() {
      refresh();
      return all;
    },
    find(group, version, plural) {
      const builtIn = findKind(group, version, plural);
      if (builtIn) return builtIn;
      refresh();
      return custom.get(`${group}/${version}/${plural}`);
    },
  };
}
