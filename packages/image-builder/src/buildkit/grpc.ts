import type { ServerHttp2Stream } from 'node:http2';

/** Codes of gRPC. */
export const status = { ok: 0, notFound: 5, unimplemented: 12, unavailable: 14 } as const;

/** Answers one call of a method. */
export type Call = (stream: ServerHttp2Stream, headers: Readonly<Record<string, unknown>>) => Promise<void>;

const lengthOf = (bytes: Buffer): number => (bytes.length < 5 ? Number.POSITIVE_INFINITY : 5 + bytes.readUInt32BE(1));

/** Takes messages apart: a byte, the length in four, the message. */
export async function* readMessages(stream: ServerHttp2Stream): AsyncGenerator<Uint8Array> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    const bytes: Buffer = chunk;
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    for (let length = lengthOf(rest); rest.length >= length; length = lengthOf(rest)) {
      yield rest.subarray(5, length);
      rest = rest.subarray(length);
    }
  }
}

export function printMessage(message: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** Begins an answer whose outcome comes in its trailers. @returns what ends it */
export function begin(stream: ServerHttp2Stream): (code: number, message?: string) => void {
  let outcome: Record<string, string> = {};
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(outcome));
  return (code, message = '') => {
    outcome = { 'grpc-status': String(code), 'grpc-message': encodeURIComponent(message) };
    stream.end();
  };
}
