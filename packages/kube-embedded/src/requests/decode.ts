import type { KubeError } from '@kmd/kube-client';
import { badRequest } from '../errors.js';
import { goQuoted } from '../json/go.js';
import { type JsonObject, clone, ensureObject, isObject, textAt } from '../json/tree.js';
import { toStored } from '../kinds/conversion.js';
import { type Kind, groupVersion } from '../kinds/kind.js';
import { type ConformOptions, conform } from '../schema/conform.js';
import { definitionFor, definitionOf } from '../schema/definition.js';
import type { WriteRequest } from './backend.js';
import type { Target } from './target.js';

/**
 * A received object as a typed decoder leaves it, in the form it is stored: unknown fields dropped (and refused or warned of,
 * as asked), name and namespace in agreement with the URL. The result is the caller's own copy.
 */
export function decode(
  received: unknown,
  target: Target,
  request: WriteRequest,
  options: Pick<ConformOptions, 'zeros'> = {},
): JsonObject {
  const { kind } = target;
  if (!isObject(received))
    throw badRequest(`the object provided is unrecognized (must be of type ${target.kind.kind})`);
  const version = groupVersion(kind);
  checkKind(received, kind);
  const known = definitionFor(kind);
  const { object, unknown } = known
    ? conform(received, known, kind.kind, kind.version, { ...options, custom: kind.custom })
    : { object: clone(received), unknown: [] };
  const lines = [
    ...(request.duplicates ?? []).map((path) => `duplicate field "${path}"`),
    ...unknown.map((path) => `unknown field "${path}"`),
  ];
  if (lines.length > 0) {
    if (request.fieldValidation === 'Strict') {
      throw badRequest(
        `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: strict decoding error: ${lines.join(', ')}`,
      );
    }
    if (request.fieldValidation !== 'Ignore') request.warnings?.push(...lines);
  }
  const ordered: JsonObject = { kind: kind.kind, apiVersion: version, metadata: ensureObject(object, 'metadata') };
  return toStored({ ...ordered, ...object, kind: kind.kind, apiVersion: version }, kind);
}

/** The kind of what is sent. */
export type Spoken = Pick<Kind, 'group' | 'version' | 'kind' | 'custom'>;

/** Kinds that are known in every group. */
const everywhere = [
  'CreateOptions',
  'DeleteOptions',
  'GetOptions',
  'ListOptions',
  'PatchOptions',
  'UpdateOptions',
  'WatchEvent',
];
/** Groups whose servers know no other's kinds. */
const apart = ['apiextensions.k8s.io', 'apiregistration.k8s.io'];

/** The first word of the group in which the real server keeps objects of a group. */
const internalGroup = (group: string): string =>
  group === '' || group === 'events.k8s.io' ? 'core' : (group.split('.')[0] ?? '');

/** Refuses (400) an object that says it is something else than what it was sent as: it is first read as what it says. */
export function checkKind(received: JsonObject, { group, version, kind, custom }: Spoken): void {
  const wanted = groupVersion({ group, version });
  const givenKind = textAt(received, 'kind') || kind;
  const givenVersion = textAt(received, 'apiVersion') || wanted;
  if (givenKind === kind && givenVersion === wanted) return;
  if (custom) {
    throw badRequest(
      givenVersion === wanted
        ? `the object provided is unrecognized (must be of type ${kind})`
        : `the API version in the data (${givenVersion}) does not match the expected API version (${wanted})`,
    );
  }
  const parts = givenVersion.split('/');
  const givenGroup = parts.length === 1 ? '' : (parts[0] ?? '');
  const last = parts.at(-1) ?? '';
  const known = apart.includes(group) && givenGroup !== group ? undefined : definitionOf(givenGroup, last, givenKind);
  const refuse = (why: string): KubeError =>
    badRequest(`${givenKind} in version "${last}" cannot be handled as a ${kind}: ${why}`);
  if (!known && !everywhere.includes(givenKind))
    throw refuse(
      `no kind ${goQuoted(givenKind)} is registered for version ${goQuoted(givenVersion)} in scheme "pkg/runtime/scheme.go:110"`,
    );
  if (known) conform(received, known, givenKind, last, { as: kind });
  throw refuse(`converting (${last}.${givenKind}) to (${internalGroup(group)}.${kind}): unknown conversion`);
}

/** Makes the object's name and namespace agree with the URL, or refuses. */
export function place(object: JsonObject, target: Target): { name: string; namespace: string } {
  const { kind } = target;
  const metadata = ensureObject(object, 'metadata');
  const namespace = textAt(metadata, 'namespace') ?? '';
  if (kind.namespaced) {
    const wanted = target.namespace ?? '';
    if (namespace === '') metadata['namespace'] = wanted;
    else if (wanted !== '' && namespace !== wanted) {
      throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
    }
    if ((textAt(metadata, 'namespace') ?? '') === '') {
      throw badRequest('an empty namespace may not be set during creation');
    }
  } else delete metadata['namespace'];
  const name = textAt(metadata, 'name') ?? '';
  if (target.name !== undefined && target.name !== '' && name !== '' && name !== target.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${target.name})`);
  }
  if (name === '' && target.name !== undefined) {
    throw badRequest(`the name of the object (${target.name} based on URL) was undeterminable: name must be provided`);
  }
  return { name: textAt(metadata, 'name') ?? '', namespace: textAt(metadata, 'namespace') ?? '' };
}
