import type { IncomingMessage } from 'node:http';
import { KubeError, type PatchType } from '@kmd/kube-client';
import { badRequest, unsupportedMediaType } from '../errors.js';
import type { Json } from '../json/tree.js';
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
  for await (const chunk of request) {
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

function checkDepth(text: string): void {
  let depth = 0;
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
  }
}

export function parseJson(text: string): Json {
  checkDepth(text);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw badRequest(`the object provided is unrecognized: couldn't parse the body as JSON: ${why}`, cause);
  }
}

/** The body of a write as JSON; undefined when there is none. JSON and Kubernetes' protobuf are taken; YAML is refused: clients send JSON. */
export async function readObject(request: IncomingMessage): Promise<Json | undefined> {
  const type = mediaTypeOf(request);
  if (type === 'application/vnd.kubernetes.protobuf') {
    const bytes = await readBody(request);
    return bytes.length === 0 ? undefined : decodeProtobuf(bytes);
  }
  const accepted = ['application/json', 'application/vnd.kubernetes.protobuf'];
  // Bodies sent without care for their type, as curl does, are taken as JSON.
  const careless = ['', 'text/plain', 'application/x-www-form-urlencoded'];
  if (!accepted.includes(type) && !careless.includes(type)) {
    request.resume();
    throw unsupportedMediaType(accepted);
  }
  const text = (await readBody(request)).toString('utf8');
  if (text.trim() === '') return undefined;
  return parseJson(text);
}

const patchTypes: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

export async function readPatch(request: IncomingMessage): Promise<{ type: PatchType; patch: Json }> {
  const type = patchTypes[mediaTypeOf(request)];
  if (type === undefined) {
    request.resume();
    throw unsupportedMediaType(Object.keys(patchTypes));
  }
  return { type, patch: parseJson((await readBody(request)).toString('utf8')) };
}
