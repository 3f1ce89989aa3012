import { type JsonObject, objectAt, objectsAt, textAt } from '../../json/tree.js';

interface Place {
  readonly path: string;
  /** What is put there; nothing where all is from one source. */
  readonly from: string;
}

const show = ({ path, from }: Place): string => (from === '' ? `"${path}"` : `"${path}" (${from})`);
const isBelow = (path: string, other: string): boolean => `${path}/`.startsWith(`${other}/`);

/** Pairs of places of which one is the other, or inside of it. */
function overlaps(places: readonly Place[]): readonly string[] {
  const plain = places.map(({ path, from }) => ({ path: path.replace(/\/+$/, ''), from }));
  return plain.flatMap((place, index) =>
    plain
      .slice(0, index)
      .filter(
        ({ path }) => path !== '' && place.path !== '' && (isBelow(path, place.path) || isBelow(place.path, path)),
      )
      .map((other) => `${show(place)} with ${show(other)}`),
  );
}

const itemsOf = (source: JsonObject | undefined, from = ''): readonly Place[] =>
  objectsAt(source, 'items').map((item) => ({ path: textAt(item, 'path') ?? '', from }));

/** Where a source of a projected volume puts what it has. */
function projected(source: JsonObject): readonly Place[] {
  const part = (kind: string): JsonObject | undefined => objectAt(source, kind);
  const name = (kind: string, field = 'name'): string => textAt(part(kind), field) ?? '';
  const bundle =
    name('clusterTrustBundle') === '' ? name('clusterTrustBundle', 'signerName') : name('clusterTrustBundle');
  return [
    ...itemsOf(part('configMap'), `ConfigMap "${name('configMap')}"`),
    ...itemsOf(part('secret'), `Secret "${name('secret')}"`),
    ...itemsOf(part('downwardAPI'), 'DownwardAPI'),
    ...(part('serviceAccountToken')
      ? [{ path: name('serviceAccountToken', 'path'), from: 'ServiceAccountToken' }]
      : []),
    ...(part('clusterTrustBundle')
      ? [{ path: name('clusterTrustBundle', 'path'), from: `ClusterTrustBundle "${bundle}"` }]
      : []),
  ];
}

/** Of all sources of a projected volume. One that names no paths stands, as in the real server, for the one before it once more. */
function placesOf(sources: readonly JsonObject[]): readonly Place[] {
  let places: readonly Place[] = [];
  return sources.flatMap((source) => {
    const named = projected(source);
    if (named.length > 0) places = named;
    return Object.keys(source).length === 0 ? [] : places;
  });
}

/** Volumes that put several things in one place: which of them will be there is not said. */
export function warnOfPaths(volumes: readonly JsonObject[]): readonly string[] {
  return volumes.flatMap((volume) => {
    const name = textAt(volume, 'name') ?? '';
    const say = (what: string, places: readonly Place[]): readonly string[] =>
      overlaps(places).map((pair) => `volume "${name}" (${what}): overlapping paths: ${pair}`);
    const configMap = objectAt(volume, 'configMap');
    const secret = objectAt(volume, 'secret');
    const sources = objectsAt(volume, 'projected', 'sources');
    return [
      ...say(`ConfigMap "${textAt(configMap, 'name') ?? ''}"`, itemsOf(configMap)),
      ...say(`Secret "${textAt(secret, 'secretName') ?? ''}"`, itemsOf(secret)),
      ...say('DownwardAPI', itemsOf(objectAt(volume, 'downwardAPI'))),
      ...sources
        .filter((source) => Object.keys(source).length === 0)
        .map(() => `volume "${name}" (Projected) has no sources provided`),
      ...say('Projected', placesOf(sources)),
    ];
  });
}
