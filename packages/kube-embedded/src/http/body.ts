import type { IncomingMessage } from 'node:http';
import { KubeError, type PatchType } from '@kmd/kube-client';
import { badRequest, unsorted, unsupportedMediaType } from '../errors.js';
import { duplicateFields } from '../json/duplicates.js';
import { jsonProblem } from '../json/scan.js';
import { type Json, type JsonObject, isObject } from '../json/tree.js';
import { decodeProtobuf } from '../schema/protobuf.js';

/** The real server's limit: 3 MiB. */
export const bodyLimit = 3 * 1024 * 1024;

const tooLarge = (): KubeError =>
  new KubeError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${bodyLimit}`);

/** The whole body, refused (413) as soon as it is longer than the limit. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > bodyLimit) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  // A request that is given up is not destroyed: its connection has to carry the refusal.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > bodyLimit) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const mediaTypeOf = (request: IncomingMessage): string =>
  (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

/** How deep a received object may nest: far more than any kind needs, far less than a stack holds. */
const depthLimit = 200;

/** How many fields the text names; refuses one that nests too deeply. */
function scan(text: string): number {
  let depth = 0;
  let colons = 0;
  let inText = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (inText) {
      if (code === 92) index++;
      else if (code === 34) inText = false;
    } else if (code === 34) inText = true;
    else if (code === 123 || code === 91) {
      if (++depth > depthLimit) throw badRequest(`the object nests deeper than ${depthLimit} levels`);
    } else if (code === 125 || code === 93) depth--;
    else if (code === 58) colons++;
  }
  return colons;
}

/** What was read of a body: the value, and the fields that it names more than once, the last of which counts. */
export interface Read<Value> {
  readonly value: Value;
  readonly duplicates: readonly string[];
}

/** A text as JSON; `refuse` makes the refusal of one that is none, of what Go's decoder would say. */
function parseJson(text: string, refuse: (why: string) => KubeError): Read<Json> {
  const named = scan(text);
  try {
    const value: Json = JSON.parse(text);
    return { value, duplicates: duplicateFields(text, value, named) };
  } catch (cause) {
    throw refuse(jsonProblem(text) ?? String(cause));
  }
}

/** The beginning of a body, as refusals show it: an object as text, anything else in hexadecimal. */
function summary(body: Buffer): string {
  if (body.length === 0) return '<empty>';
  const start = body.subarray(0, 30);
  const shown = start[0] === 123 ? start.toString('utf8') : start.toString('hex');
  return body.length > 30 ? `${shown} ...` : shown;
}

const head = String.raw`struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`;

async function parseYaml(text: string, refuse: (why: string) => KubeError): Promise<Read<Json>> {
  const { parse } = await import('yaml');
  try {
    // At most so many aliases: a small text must not become a large object. Of keys said twice the last counts, as in Go; to look for them takes the
    // square of their number.
    const value: Json = parse(text, { maxAliasCount: 100, uniqueKeys: false });
    return { value, duplicates: [] };
  } catch (cause) {
    throw refuse(`error converting YAML to JSON: yaml: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

const bodyTypes = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

/**
 * The body of a write, an object in JSON, YAML or Kubernetes' protobuf. Throws 400 for another value, in the words of the real server.
 * @param kind what it should hold, for messages; of options the real server says less, and answers 500
 */
export async function readObject(request: IncomingMessage, kind: string | undefined): Promise<Read<JsonObject>> {
  const type = mediaTypeOf(request);
  if (!bodyTypes.includes(type) && type !== '') {
    request.resume();
    throw unsupportedMediaType(bodyTypes);
  }
  const bytes = await readBody(request);
  if (type === 'application/vnd.kubernetes.protobuf') return { value: decodeProtobuf(bytes), duplicates: [] };
  const refuse = (why: string): KubeError =>
    kind === undefined
      ? unsorted(why)
      : badRequest(`the object provided is unrecognized (must be of type ${kind}): ${why} (${summary(bytes)})`);
  const text = bytes.toString('utf8');
  const { value, duplicates } =
    type === 'application/yaml'
      ? await parseYaml(text, refuse)
      : parseJson(text, (why) => refuse(`couldn't get version/kind; json parse error: ${why}`));
  if (isObject(value)) return { value, duplicates };
  if (value === null) return { value: {}, duplicates };
  const found = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  throw refuse(
    `couldn't get version/kind; json parse error: json: cannot unmarshal ${found} into Go value of type ${head}`,
  );
}

/** The body of a delete, which may be empty. */
export async function readOptions(request: IncomingMessage): Promise<JsonObject | undefined> {
  return request.headers['content-length'] === '0' ||
    (request.headers['content-length'] === undefined && request.headers['transfer-encoding'] === undefined)
    ? undefined
    : (await readObject(request, undefined)).value;
}

const patchTypes: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

/** Whether a request's body has the type of a patch. */
export const bringsPatch = (request: IncomingMessage): boolean => patchTypes[mediaTypeOf(request)] !== undefined;

/** The body of a patch, in the form that its type names. */
export async function readPatch(request: IncomingMessage): Promise<{ type: PatchType; patch: Json }> {
  const type = patchTypes[mediaTypeOf(request)];
  if (type === undefined) {
    request.resume();
    throw new KubeError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', { details: {} });
  }
  const text = (await readBody(request)).toString('utf8');
  const refuse = (why: string): KubeError =>
    badRequest(`error decoding ${type === 'apply' ? 'YAML' : 'patch'}: ${why}`);
  // What clients apply is nearly always JSON, which is YAML as well.
  if (type === 'apply' && jsonProblem(text) !== undefined)
    return { type, patch: (await parseYaml(text, refuse)).value };
  return { type, patch: parseJson(text, refuse).value };
}
