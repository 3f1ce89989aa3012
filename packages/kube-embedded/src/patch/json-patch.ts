import { KubeError } from '@kmd/kube-client';
import { badRequest } from '../errors.js';
import { type Json, type JsonObject, clone, drop, equal, isObject } from '../json/tree.js';

const operationLimit = 10_000;
/** Of what all `copy` operations of a patch copy together, in bytes of JSON (kube-apiserver's `JSONPatchMaxCopyBytes`). */
const copyLimit = 3 * 1024 * 1024;

/** The keys of a JSON pointer (RFC 6901). */
function keysOf(pointer: string): string[] {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) throw failed(`path "${pointer}" does not start with a slash`);
  return pointer
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The real server does not say what it was, so the reason stays inside. */
const failed = (why: string): KubeError =>
  new KubeError(422, 'Invalid', 'the server rejected our request due to an error in our request', {
    details: {},
    cause: new Error(why),
  });

function index(list: readonly Json[], key: string, end: number): number {
  if (!/^(0|[1-9]\d*)$/.test(key) || Number(key) > end)
    throw failed(`index "${key}" is outside of a list of ${list.length}`);
  return Number(key);
}

function read(document: Json, path: string): Json {
  let here: Json | undefined = document;
  for (const key of keysOf(path)) {
    if (Array.isArray(here)) here = here[index(here, key, here.length - 1)];
    else here = isObject(here) && Object.hasOwn(here, key) ? here[key] : undefined;
    if (here === undefined) throw failed(`path "${path}" does not exist`);
  }
  return here;
}

/** The container that the last key of a path is in, and that key. */
function parentOf(document: Json, path: string): { parent: Json[] | JsonObject; key: string } {
  const cut = path.lastIndexOf('/');
  const parent = read(document, path.slice(0, cut));
  const key = keysOf(path).at(-1) ?? '';
  if (key === '__proto__') throw failed('path names __proto__');
  if (!Array.isArray(parent) && !isObject(parent)) throw failed(`path "${path}" leads into a value`);
  return { parent, key };
}

function add(document: Json, path: string, value: Json): Json {
  if (path === '') return value;
  const { parent, key } = parentOf(document, path);
  if (Array.isArray(parent)) parent.splice(key === '-' ? parent.length : index(parent, key, parent.length), 0, value);
  else parent[key] = value;
  return document;
}

function remove(document: Json, path: string): void {
  if (path === '') throw failed('the whole object cannot be removed');
  const { parent, key } = parentOf(document, path);
  if (Array.isArray(parent)) parent.splice(index(parent, key, parent.length - 1), 1);
  else if (Object.hasOwn(parent, key)) drop(parent, key);
  else throw failed(`path "${path}" does not exist`);
}

/** RFC 6902 on a copy of the document. Throws 422 when an operation cannot be done, 400 when it is none. */
export function jsonPatch(target: Json, patch: Json): Json {
  if (!Array.isArray(patch)) {
    const found = isObject(patch) ? 'object' : typeof patch === 'boolean' ? 'bool' : typeof patch;
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${found} into Go value of type []handlers.jsonPatchOp`,
    );
  }
  if (patch.length > operationLimit) {
    throw new KubeError(
      413,
      'RequestEntityTooLarge',
      `Request entity too large: The allowed maximum operations in a JSON patch is ${operationLimit}, got ${patch.length}`,
    );
  }
  let document = clone(target);
  let copied = 0;
  for (const operation of patch) {
    if (!isObject(operation)) throw badRequest('an operation of a JSON patch must be an object');
    const { op, path, from, value } = operation;
    if (typeof path !== 'string') throw badRequest('an operation of a JSON patch needs a path');
    const source = (): string => {
      if (typeof from !== 'string') throw badRequest(`operation ${String(op)} of a JSON patch needs from`);
      return from;
    };
    switch (op) {
      case 'add':
        document = add(document, path, clone(value ?? null));
        break;
      case 'replace':
        if (path === '') document = clone(value ?? null);
        else {
          const { parent, key } = parentOf(document, path);
          if (Array.isArray(parent)) parent[index(parent, key, parent.length - 1)] = clone(value ?? null);
          else parent[key] = clone(value ?? null);
        }
        break;
      case 'remove':
        remove(document, path);
        break;
      case 'move': {
        const moved = read(document, source());
        if (`${path}/`.startsWith(`${source()}/`) && path !== source())
          throw failed('a value cannot be moved into itself');
        remove(document, source());
        document = add(document, path, moved);
        break;
      }
      case 'copy': {
        const original = read(document, source());
        copied += Buffer.byteLength(JSON.stringify(original));
        if (copied > copyLimit) throw failed(`what is copied is more than ${copyLimit} bytes`);
        document = add(document, path, clone(original));
        break;
      }
      case 'test':
        if (!equal(read(document, path), value)) throw failed(`testing path ${path} failed`);
        break;
      default:
        throw failed(`unexpected operation: ${String(op)}`);
    }
  }
  return document;
}
