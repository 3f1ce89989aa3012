import { notAcceptable } from '../errors.js';

/** The form an answer is wanted in. */
export type Form =
  | { readonly form: 'object' }
  | { readonly form: 'table'; readonly version: 'v1' | 'v1beta1' }
  | { readonly form: 'metadata'; readonly version: 'v1' | 'v1beta1' };

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

const isJson = (type: string): boolean =>
  type === 'application/json' ||
  type === '*/*' ||
  type === 'application/*' ||
  type === 'text/html' ||
  type === 'text/plain';

const forms = [
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  'application/json;stream=watch',
  'application/vnd.kubernetes.protobuf;stream=watch',
];

/** The first form that both sides know. Throws 406 when there is none. */
export function chooseForm(header: string | undefined): Form {
  for (const { type, parameters } of parseAccept(header)) {
    if (!isJson(type)) continue;
    const as = parameters['as'];
    if (as === undefined) return { form: 'object' };
    const version = parameters['v'];
    if (parameters['g'] !== 'meta.k8s.io' || (version !== 'v1' && version !== 'v1beta1')) continue;
    if (as === 'Table') return { form: 'table', version };
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return { form: 'metadata', version };
  }
  throw notAcceptable(forms);
}
