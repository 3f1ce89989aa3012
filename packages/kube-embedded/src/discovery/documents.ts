import { createHash } from 'node:crypto';
import { type Kind, groupVersion } from '../kinds/kind.js';

/** Groups in the order they are listed, each with its versions, the preferred one first. */
function groupsOf(kinds: readonly Kind[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { group, version } of kinds) {
    const versions = found.get(group) ?? [];
    if (!versions.includes(version)) versions.push(version);
    found.set(group, versions);
  }
  return found;
}

const kindsOf = (kinds: readonly Kind[], group: string, version: string): readonly Kind[] =>
  kinds.filter((kind) => kind.group === group && kind.version === version);

/** Every group and version that is served, `['', 'v1']` first. */
export const groupVersions = (kinds: readonly Kind[]): readonly (readonly [group: string, version: string])[] =>
  [...groupsOf(kinds)].flatMap(([group, versions]) => versions.map((version) => [group, version] as const));

/** `/api` */
export const apiVersions = (address: string): object => ({
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }],
});

const apiGroup = (group: string, found: readonly string[]): object => {
  const versions = found.map((version) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions, preferredVersion: versions[0] };
};

/** `/apis` */
export const apiGroupList = (kinds: readonly Kind[]): object => ({
  kind: 'APIGroupList',
  apiVersion: 'v1',
  groups: [...groupsOf(kinds)].filter(([group]) => group !== '').map(([group, versions]) => apiGroup(group, versions)),
});

/** `/apis/GROUP` */
export function apiGroupDocument(kinds: readonly Kind[], group: string): object | undefined {
  const versions = groupsOf(kinds).get(group);
  return group === '' || !versions ? undefined : { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(group, versions) };
}

/** What a real server still keeps as it was at first. */
const keptAsBeta = new Set([
  'customresourcedefinitions.apiextensions.k8s.io',
  'ipaddresses.networking.k8s.io',
  'servicecidrs.networking.k8s.io',
]);

/** Tells clients when objects are kept in another version than before. */
function storageHash(kind: Kind): object {
  if (!kind.verbs.includes('watch')) return {};
  const storedAs = keptAsBeta.has(kind.store) ? `${kind.group}/v1beta1` : kind.storedAs;
  const [version = '', group = ''] = storedAs.split('/').reverse();
  const text = `${group}/${version}/${kind.kind}`;
  return { storageVersionHash: createHash('sha256').update(text).digest().subarray(0, 8).toString('base64') };
}

/** `/api/v1`, `/apis/GROUP/VERSION` */
export function apiResourceList(kinds: readonly Kind[], group: string, version: string): object | undefined {
  const served = kindsOf(kinds, group, version);
  if (served.length === 0) return undefined;
  const resources = served.flatMap((kind) => [
    {
      name: kind.plural,
      singularName: kind.singular,
      namespaced: kind.namespaced,
      kind: kind.kind,
      verbs: kind.verbs,
      ...(kind.shortNames.length > 0 ? { shortNames: kind.shortNames } : {}),
      ...(kind.categories.length > 0 ? { categories: kind.categories } : {}),
      ...storageHash(kind),
    },
    ...kind.subresources.map((sub) => ({
      name: `${kind.plural}/${sub.name}`,
      singularName: '',
      namespaced: kind.namespaced,
      ...(sub.group === undefined ? {} : { group: sub.group }),
      ...(sub.version === undefined ? {} : { version: sub.version }),
      kind: sub.kind ?? kind.kind,
      verbs: sub.verbs,
    })),
  ]);
  // The oldest document of all does not say its own version.
  const apiVersion = group === '' ? {} : { apiVersion: 'v1' };
  return { kind: 'APIResourceList', ...apiVersion, groupVersion: groupVersion({ group, version }), resources };
}

/** The aggregated form of `/api` (only the core group) and `/apis` (all others): one document with all kinds. */
export function aggregatedDiscovery(kinds: readonly Kind[], core: boolean): object {
  const items = [...groupsOf(kinds)]
    .filter(([group]) => (group === '') === core)
    .map(([group, versions]) => ({
      metadata: { ...(group === '' ? {} : { name: group }), creationTimestamp: null },
      versions: versions.map((version) => ({
        version,
        freshness: 'Current',
        resources: kindsOf(kinds, group, version).map((kind) => ({
          resource: kind.plural,
          responseKind: { group: kind.group, version: kind.version, kind: kind.kind },
          scope: kind.namespaced ? 'Namespaced' : 'Cluster',
          singularResource: kind.singular,
          verbs: kind.verbs,
          ...(kind.shortNames.length > 0 ? { shortNames: kind.shortNames } : {}),
          ...(kind.categories.length > 0 ? { categories: kind.categories } : {}),
          ...(kind.subresources.length > 0
            ? {
                subresources: kind.subresources.map((sub) => ({
                  subresource: sub.name,
                  responseKind: {
                    group: sub.group ?? kind.group,
                    version: sub.version ?? kind.version,
                    kind: sub.kind ?? kind.kind,
                  },
                  verbs: sub.verbs,
                })),
              }
            : {}),
        })),
      })),
    }));
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
}

/** Every path, for `/`. */
export const rootPaths = (kinds: readonly Kind[]): object => ({
  paths: [
    '/api',
    '/api/v1',
    '/apis',
    ...[...groupsOf(kinds)]
      .filter(([group]) => group !== '')
      .flatMap(([group, versions]) => [`/apis/${group}`, ...versions.map((version) => `/apis/${group}/${version}`)]),
    '/healthz',
    '/livez',
    '/metrics',
    '/openapi/v2',
    '/openapi/v3',
    '/readyz',
    '/ui',
    '/version',
  ].sort(),
});
