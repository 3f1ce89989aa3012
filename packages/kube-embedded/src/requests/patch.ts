import { KubeError, type PatchType } from '@kmd/kube-client';
import { badRequest, invalid, methodNotAllowed, notFound } from '../errors.js';
import { goPlain } from '../json/go.js';
import { type Json, type JsonObject, isObject, textAt } from '../json/tree.js';
import { serve } from '../kinds/conversion.js';
import { type Kind, groupVersion } from '../kinds/kind.js';
import { invalidShown, invalidValue } from '../kinds/validation/field.js';
import { applyObject } from '../patch/apply.js';
import { jsonPatch } from '../patch/json-patch.js';
import { mergePatch } from '../patch/merge.js';
import { carriedOut, strategicMergePatch } from '../patch/strategic.js';
import { type Definition, definition, definitionFor } from '../schema/definition.js';
import { type Backend, type WriteRequest, keyOf } from './backend.js';
import { decode, place } from './decode.js';
import { scaleOf, updateScale } from './scale.js';
import { afterAdmission, dropRepeatedOwners } from './owners.js';
import { type Target, named } from './target.js';
import { replaceObject } from './update.js';

export interface PatchRequest extends WriteRequest {
  readonly type: PatchType;
  /** Server-side apply: take fields over from their managers. */
  readonly force?: boolean;
}

function patched(current: JsonObject, patch: Json, type: PatchType, known: Definition | undefined): JsonObject {
  const result =
    type === 'json'
      ? jsonPatch(current, patch)
      : type === 'merge' || !known
        ? mergePatch(current, patch)
        : strategicMergePatch(current, patch, known);
  if (!isObject(result)) throw badRequest('the patch makes something else of the object than an object');
  return result;
}

/** PATCH of an object, its status or its scale. Answers whether the object was made by it (server-side apply of a new one). */
export function patchObject(
  backend: Backend,
  target: Target,
  subresource: string,
  patch: Json,
  request: PatchRequest,
): { object: JsonObject; created: boolean } {
  if (!target.kind.verbs.includes('patch')) throw methodNotAllowed();
  const at = named(target);
  if (request.type === 'apply') return applyObject(backend, at, subresource, patch, request);
  if (!isObject(patch) && !Array.isArray(patch)) throw badRequest('the body of a patch must be JSON');
  const old = backend.store.get(at.kind.store, keyOf(at.namespace, at.name));
  if (!old) throw notFound(at.kind, at.name);
  if (subresource === 'scale') {
    const scale = patched(scaleOf(old, at.kind), patch, request.type, definition('autoscaling.v1.Scale'));
    return { object: updateScale(backend, target, scale, request), created: false };
  }
  const known = definitionFor(at.kind);
  const result = patched(serve(old, at.kind), patch, request.type, known);
  const next = decodePatched(result, patch, target, request);
  place(next, target);
  dropRepeatedOwners(next, request.warnings, afterAdmission);
  return { object: replaceObject(backend, at, subresource, old, next, request), created: false };
}

/**
 * A patched object with the kind that it has. A strategic patch cannot change that: the real server puts its result into a structure of the kind. A
 * custom resource is held against its own.
 */
function ofKind(result: JsonObject, kind: Kind, type: PatchType): JsonObject {
  const apiVersion = groupVersion(kind);
  if (type === 'strategic') return { ...result, kind: kind.kind, apiVersion };
  if (!kind.custom || (result['kind'] === kind.kind && result['apiVersion'] === apiVersion)) return result;
  const given = textAt(result, 'kind') ?? '';
  const version = textAt(result, 'apiVersion') ?? '';
  const causes = [
    ...(given === kind.kind ? [] : [invalidValue('kind', given, `must be ${kind.kind}`)]),
    ...(version === apiVersion ? [] : [invalidValue('apiVersion', version, `must be ${apiVersion}`)]),
  ];
  const group = version.includes('/') ? (version.split('/')[0] ?? '') : '';
  throw invalid({ group, kind: given }, textAt(result, 'metadata', 'name') ?? '', causes);
}

const goKinds: Readonly<Record<string, string>> = { array: 'slice', object: 'map', number: 'int64' };

/** What is said of a value of another type by what puts a strategic patch's result into a structure, from what a decoder of JSON says of it. */
function restoreProblem(message: string): string | undefined {
  const [, found = '', type] = /cannot unmarshal (\w+).* of type (\S+)$/.exec(message) ?? [];
  if (type === undefined) return undefined;
  const kind = goKinds[found] ?? found;
  if (type.startsWith('[]')) return `cannot restore slice from ${kind}`;
  if (type.startsWith('map[')) return `cannot restore map from ${kind}`;
  return `unrecognized type: ${type}`;
}

/** A patched object, decoded; what is no object any more is told of what was patched, or of a strategic patch itself. */
function decodePatched(result: JsonObject, patch: Json, target: Target, request: PatchRequest): JsonObject {
  try {
    return decode(ofKind(result, target.kind, request.type), target, request);
  } catch (error) {
    if (!(error instanceof KubeError) || error.status !== 400) throw error;
    if (request.type !== 'strategic') {
      const [, said] = /cannot be handled as a \S+: (?!strict)(.*)$/s.exec(error.message) ?? [];
      if (said === undefined || target.kind.custom) throw error;
      const sorted = Object.entries(result).sort(([a], [b]) => (a < b ? -1 : 1));
      const text = JSON.stringify(Object.fromEntries(sorted));
      throw invalid({ group: '', kind: '' }, '', [invalidValue('patch', text, said)]);
    }
    const why = /(strict decoding error: .*)$/s.exec(error.message)?.[1];
    const restored = restoreProblem(error.message);
    if (why === undefined && restored === undefined) throw error;
    const shown = JSON.stringify(goPlain(carriedOut(patch)));
    throw invalid({ group: '', kind: '' }, '', [invalidShown('patch', shown, why ?? restored ?? '')]);
  }
}
