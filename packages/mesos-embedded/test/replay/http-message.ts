import { gunzipSync } from 'node:zlib';

import { parseExact } from './exact-json.js';
import { decode, messagesOf } from './messages.js';

/** One answer, taken apart. */
export interface HttpMessage {
  readonly status: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Without chunk framing and compression. */
  readonly body: Buffer;
  /** The JSON records of a RecordIO body. */
  readonly records: readonly unknown[];
  /** Whether the body has ended. */
  readonly complete: boolean;
  /** Bytes behind the end of this message. */
  readonly rest: Buffer;
}

/** Takes an answer apart; undefined while its head is not there. */
export function readResponse(raw: Buffer, toHead = false, request?: Buffer): HttpMessage | undefined {
  const end = raw.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [status = '', ...lines] = raw.subarray(0, end).toString('latin1').split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const at = line.indexOf(':');
    return [line.slice(0, at), line.slice(at + 1).trim()];
  });
  const header = (name: string): string | undefined => headers.find(([key]) => key.toLowerCase() === name)?.[1];
  const payload = raw.subarray(end + 4);
  const length = header('content-length');
  let body = payload;
  let rest: Buffer = Buffer.alloc(0);
  let complete = false;
  if (header('transfer-encoding') === 'chunked') {
    ({ body, rest, complete } = readChunks(payload));
  } else if (length !== undefined) {
    const size = toHead ? 0 : Number(length);
    complete = payload.length >= size;
    body = payload.subarray(0, size);
    rest = payload.subarray(size);
  }
  if (complete && header('content-encoding') === 'gzip') body = gunzipSync(body);
  return {
    status,
    headers,
    body,
    records: readRecords(body, header('content-type'), header('message-content-type'), request),
    complete,
    rest,
  };
}

function readChunks(payload: Buffer): { body: Buffer; rest: Buffer; complete: boolean } {
  const pieces: Buffer[] = [];
  for (let at = 0; ;) {
    const line = payload.indexOf('\r\n', at);
    if (line < 0) return { body: Buffer.concat(pieces), rest: Buffer.alloc(0), complete: false };
    const size = Number.parseInt(payload.subarray(at, line).toString('latin1'), 16);
    if (size === 0) return { body: Buffer.concat(pieces), rest: payload.subarray(line + 4), complete: true };
    if (payload.length < line + 2 + size + 2) {
      return { body: Buffer.concat(pieces), rest: Buffer.alloc(0), complete: false };
    }
    pieces.push(payload.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
}

function readRecords(
  body: Buffer,
  type: string | undefined,
  inner: string | undefined,
  request: Buffer | undefined,
): unknown[] {
  const records: unknown[] = [];
  if (type !== 'application/json' && type !== 'application/recordio' && type !== 'application/x-protobuf')
    return records;
  const head = request?.subarray(0, 300).toString('latin1') ?? '';
  const { event } = messagesOf(head.split(' ')[1] ?? '', /^host: [^\r]*:505[12]\r$/im.test(head));
  const protobuf = (inner ?? type) === 'application/x-protobuf';
  for (let at = 0; at < body.length;) {
    const line = body.indexOf('\n', at);
    const size = line < 0 ? Number.NaN : Number(body.subarray(at, line).toString('latin1'));
    if (!Number.isInteger(size) || body.length < line + 1 + size) return records;
    try {
      const record = body.subarray(line + 1, line + 1 + size);
      records.push(protobuf ? decode(event, record) : parseExact(record.toString('utf8')));
    } catch {
      return records;
    }
    at = line + 1 + size;
  }
  return records;
}
