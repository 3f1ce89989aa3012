import { notAcceptable, notNegotiable } from '../errors.js';

/** The form an answer is wanted in. */
export type Form =
  | { readonly form: 'object' }
  | { readonly form: 'table'; readonly version: 'v1' | 'v1beta1' }
  | { readonly form: 'metadata'; readonly version: 'v1' | 'v1beta1'; readonly as: string };

export interface MediaType {
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The media types of an Accept header, in the order of preference of the client (`q`, then as written). */
export function parseAccept(header: string | undefined): readonly MediaType[] {
  if (header === undefined || header.trim() === '') return [{ type: '*/*', parameters: {} }];
  return header
    .split(',')
    .map((part) => {
      const [type = '', ...rest] = part.split(';').map((piece) => piece.trim());
      const parameters: Record<string, string> = {};
      for (const piece of rest) {
        const [key = '', value = ''] = piece.split('=');
        parameters[key] = value;
      }
      return { type: type.toLowerCase(), parameters };
    })
    .map((media, index) => ({ media, index, quality: Number(media.parameters['q'] ?? '1') || 0 }))
    .sort((a, b) => b.quality - a.quality || a.index - b.index)
    .map(({ media }) => media);
}

const yaml = 'application/yaml';
const known = ['application/json', yaml, 'application/vnd.kubernetes.protobuf'];
const streams = ['application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch'];

const isJson = (type: string): boolean => type === 'application/json' || type === '*/*' || type === 'application/*';

/**
 * Refuses (406) an Accept header that names nothing of what a route makes, as go-restful's router does before anything is done: letter by letter, and
 * `application/*` is nothing to it.
 * @param lists the route lists objects, and so can stream them
 */
export function checkAccept(header: string | undefined, lists: boolean): void {
  const types = (header === undefined || header === '' ? '*/*' : header)
    .split(',')
    .map((part) => part.split(';')[0]?.trim() ?? '');
  if (!types.some((type) => type === '*/*' || known.includes(type)))
    throw notAcceptable(lists ? [...known, ...streams] : known);
}

/** The form that an answer's parameters name; undefined when it is none. */
function formOf({ as, g: group, v: version }: MediaType['parameters']): Form | undefined {
  if (as === undefined) return { form: 'object' };
  if (group !== 'meta.k8s.io' || (version !== 'v1' && version !== 'v1beta1')) return undefined;
  if (as === 'Table') return { form: 'table', version };
  if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return { form: 'metadata', version, as };
  return undefined;
}

/** The first form that both sides know. Throws 406 when there is none. */
export function chooseForm(header: string | undefined): Form {
  for (const { type, parameters } of parseAccept(header)) {
    const form = isJson(type) || type === yaml ? formOf(parameters) : undefined;
    if (form) return form;
  }
  throw notNegotiable(known);
}

/** The form of the events of a watch, which are JSON. Throws 406. */
export function chooseStreamForm(header: string | undefined): Form {
  for (const { type, parameters } of parseAccept(header)) {
    const form = isJson(type) ? formOf(parameters) : undefined;
    if (form) return form;
  }
  throw notNegotiable(streams);
}

/** Whether what a client wants most, of what there is, is YAML. */
export const wantsYaml = (header: string | undefined): boolean =>
  header !== undefined &&
  header.includes(yaml) &&
  parseAccept(header).find(({ type }) => isJson(type) || type === yaml)?.type === yaml;
