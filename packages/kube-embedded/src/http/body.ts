import type { IncomingMessage } from 'node:http';
import { KubeError, type PatchType } from '@kmd/kube-client';
import { badRequest, unsorted, unsupportedMediaType } from '../errors.js';
import { duplicateFields } from '../json/duplicates.js';
import { jsonProblem } from '../json/scan.js';
import { type Json, type JsonObject, isObject, textAt } from '../json/tree.js';
import { parseYaml } from './yaml.js';
import { jsonName } from '../schema/conform.js';
import { decodeProtobuf, isProtobuf } from '../schema/protobuf.js';

/** The real server's limit: 3 MiB. */
export const bodyLimit = 3 * 1024 * 1024;

const tooLarge = (): KubeError =>
  new KubeError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${bodyLimit}`);

/** The whole body, refused (413) as soon as it is longer than the limit. */
async function readBody(request: IncomingMessage): Promise<Buffer> {
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

/** Of a body, without parameters. Empty for one without a type. */
export const mediaTypeOf = (request: IncomingMessage): string =>
  (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

/** How deep a received object may nest: far more than any kind needs, far less than a stack holds. */
const depthLimit = 200;
/** How deep Go's decoder goes (encoding/json). */
const goDepthLimit = 10_000;

/** How many fields the text names; refuses one that nests too deeply. */
function scan(text: string, refuse: (why: string) => KubeError): number {
  let depth = 0;
  let deepest = 0;
  let colons = 0;
  let inText = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (inText) {
      if (code === 92) index++;
      else if (code === 34) inText = false;
    } else if (code === 34) inText = true;
    else if (code === 123 || code === 91) {
      deepest = Math.max(deepest, ++depth);
      if (depth > goDepthLimit) throw refuse(`invalid character '${text.charAt(index)}' exceeded max depth`);
    } else if (code === 125 || code === 93) depth--;
    else if (code === 58) colons++;
  }
  if (deepest > depthLimit) throw badRequest(`the object nests deeper than ${depthLimit} levels`);
  return colons;
}

/** What was read of a body: the value, and the fields that it names more than once, the last of which counts. */
export interface Read<Value> {
  readonly value: Value;
  readonly duplicates: readonly string[];
}

/** Half of a surrogate pair, escaped: what Go reads as U+FFFD. */
const half = /\\u[dD][89a-fA-F]/;
const wellFormed = (_: string, value: Json): Json => (typeof value === 'string' ? value.toWellFormed() : value);

/** What is wrong with bytes that are no JSON. Go's decoder shows them one by one. */
const problemOf = (bytes: Buffer): string | undefined => jsonProblem(bytes.toString('latin1'));

/** Bytes as JSON; `refuse` makes the refusal of what is none, of what Go's decoder would say. */
function parseJson(bytes: Buffer, refuse: (why: string) => KubeError): Read<Json> {
  const text = bytes.toString('utf8');
  const named = scan(text, refuse);
  try {
    const value: Json = half.test(text) ? JSON.parse(text, wellFormed) : JSON.parse(text);
    return { value, duplicates: duplicateFields(text, value, named) };
  } catch (cause) {
    throw refuse(problemOf(bytes) ?? String(cause));
  }
}

/** What a decoder has against the kind or the version that an object says it is of: they are read before all else. */
function headProblem(value: JsonObject): string | undefined {
  for (const [key, found] of Object.entries(value)) {
    if ((key === 'kind' || key === 'apiVersion') && typeof found !== 'string' && found !== null)
      return `json: cannot unmarshal ${jsonName(found)} into Go struct field .${key} of type string`;
  }
  return undefined;
}

/** The beginning of a body, as refusals show it: an object as text, anything else in hexadecimal. */
function summary(body: Buffer): string {
  if (body.length === 0) return '<empty>';
  const start = body.subarray(0, 30);
  const shown = start[0] === 123 ? start.toString('utf8') : start.toString('hex');
  return body.length > 30 ? `${shown} ...` : shown;
}

const head = String.raw`struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`;

/** A type with its parameters (RFC 9110, section 8.3.1). */
const mediaType = /^[^\s;]+(\s*;\s*[\w!#$%&'*+.^`|~-]+=([\w!#$%&'*+.^`|~-]+|"([^"\\]|\\.)*"))*[\s;]*$/;

const bodyTypes = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

/** A body as it came, and the type that its sender gives it. */
export interface Body {
  readonly type: string;
  readonly bytes: Buffer;
}

/** Reads a whole body. Throws 413. */
export const receive = async (request: IncomingMessage): Promise<Body> => ({
  type: mediaTypeOf(request),
  bytes: await readBody(request),
});

export const isEmpty = ({ bytes }: Body): boolean => bytes.length === 0;

/** Refuses (415) what cannot be an object, by its type. A body without any is JSON. */
export function checkObjectType(request: IncomingMessage): void {
  const header = request.headers['content-type'] ?? '';
  const known = bodyTypes.includes(mediaTypeOf(request)) && mediaType.test(header);
  if (!known && header !== '') throw unsupportedMediaType(bodyTypes);
}

/**
 * An object in JSON, YAML or Kubernetes' protobuf. Throws 400 for another value, in the words of the real server.
 * @param kind what it should hold, for messages; of options the real server says less, and answers 500
 * @param version what the object has to say itself, and its kind too, as custom resources have
 */
export async function parseObject(
  { type, bytes }: Body,
  kind: string | undefined,
  version?: string,
): Promise<Read<JsonObject>> {
  const refuse = (why: string): KubeError =>
    kind === undefined
      ? unsorted(why)
      : badRequest(`the object provided is unrecognized (must be of type ${kind}): ${why} (${summary(bytes)})`);
  const refuseJson = (why: string): KubeError => refuse(`couldn't get version/kind; json parse error: ${why}`);
  if (type === 'application/vnd.kubernetes.protobuf') {
    if (!isProtobuf(bytes))
      throw refuse(`provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]`);
    return { value: decodeProtobuf(bytes), duplicates: [] };
  }
  const { value, duplicates } =
    type === 'application/yaml'
      ? { value: await parseYaml(bytes.toString('utf8'), refuse), duplicates: [] }
      : parseJson(bytes, refuseJson);
  if (value === null) return { value: {}, duplicates };
  if (!isObject(value)) throw refuseJson(`json: cannot unmarshal ${jsonName(value)} into Go value of type ${head}`);
  const problem = headProblem(value);
  if (problem !== undefined) throw refuseJson(problem);
  if (version === undefined) return { value, duplicates };
  if ((textAt(value, 'kind') ?? '') === '') throw refuse(`Object 'Kind' is missing in '${bytes.toString()}'`);
  if ((textAt(value, 'apiVersion') ?? '') === '')
    throw badRequest(`the API version in the data () does not match the expected API version (${version})`);
  return { value, duplicates };
}

/** The body of a delete that has one. */
export const parseOptions = async (body: Body): Promise<JsonObject> => (await parseObject(body, undefined)).value;

/** The body of a patch. */
export async function parsePatch({ bytes }: Body, type: PatchType): Promise<Json> {
  const refuse = (why: string): KubeError =>
    badRequest(type === 'strategic' ? why : `error decoding ${type === 'apply' ? 'YAML' : 'patch'}: ${why}`);
  // What clients apply is nearly always JSON, which is YAML as well.
  if (type === 'apply' && problemOf(bytes) !== undefined) return await parseYaml(bytes.toString('utf8'), refuse);
  return parseJson(bytes, refuse).value;
}
