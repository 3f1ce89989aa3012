import { decodeMessage } from '../protobuf/decode.js';
import { encodeMessage, UnencodableError } from '../protobuf/encode.js';
import { InvalidCallError } from '../scheduler/errors.js';
import type { Codec } from './codec.js';

/** `application/x-protobuf`. */
export const protobufCodec: Codec = {
  mediaType: 'application/x-protobuf',
  encode(message, value) {
    try {
      return encodeMessage(message, value);
    } catch (error) {
      if (!(error instanceof UnencodableError)) throw error;
      throw new InvalidCallError(value.type ?? message, error.path, error.reason);
    }
  },
  decode: decodeMessage,
};
