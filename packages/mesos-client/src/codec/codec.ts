import { jsonCodec, exactJsonCodec } from './json.js';

/** How messages are written on the wire. */
export type ContentType = 'json' | 'protobuf';

/** What the two content types have in common: objects in the form of Mesos' JSON to bytes and back. */
export interface Codec {
  readonly mediaType: 'application/json' | 'application/x-protobuf';
  /** Throws `InvalidCallError` for a value that its field cannot hold. */
  encode(message: string, value: { readonly type?: string | undefined }): string | Uint8Array;
  /** Throws an error of any class for bytes that are no such message. */
  decode(message: string, bytes: Uint8Array): unknown;
}

/** Which content type, and what becomes of integers above 2^53. */
export interface CodecOptions {
  /**
   * `json`, or `protobuf`: smaller, and exact for 64-bit integers. Its code is loaded when it is first needed. Default `json`.
   */
  contentType?: ContentType | undefined;
  /**
   * With JSON: give integers that a number cannot hold as bigint, as protobuf does, instead of rounding them as `JSON.parse` does. Costs
   * time only for messages that have such integers. Default false.
   */
  bigints?: boolean | undefined;
}

/** The media type that a client of these options sends and accepts. */
export function mediaTypeOf({ contentType }: CodecOptions): Codec['mediaType'] {
  return contentType === 'protobuf' ? 'application/x-protobuf' : 'application/json';
}

/** Kept: `import()` looks a module up each time, which servers that need it for every request would feel. */
let protobuf: Promise<Codec> | undefined;

/** JSON at once; protobuf from a chunk of its own. */
export async function loadCodec({ contentType, bigints }: CodecOptions): Promise<Codec> {
  if (contentType === 'protobuf') return (protobuf ??= import('./protobuf.js').then((module) => module.protobufCodec));
  return bigints === true ? exactJsonCodec : jsonCodec;
}
