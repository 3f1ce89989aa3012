import type { IncomingHttpHeaders } from 'node:http';

import { ConversionError, convert, type Shape } from '../message/shape.js';
import type { HttpRequest } from './server.js';

/** A request that is answered with an error: status and text. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;

  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}

/**
 * Reads the body of a call, in Mesos' order: Content-Type present, parse, Content-Type known (src/master/http.cpp).
 * A protobuf body is refused as one that cannot be parsed: only JSON is spoken here.
 *
 * @throws {Refusal}
 */
export function readCall(request: HttpRequest, shape: Shape): Readonly<Record<string, unknown>> {
  const type = request.headers['content-type'];
  if (type === undefined) throw new Refusal(400, "Expecting 'Content-Type' to be present");
  if (type === 'application/x-protobuf') throw new Refusal(400, 'Failed to parse body into Call protobuf');
  if (type !== 'application/json') {
    throw new Refusal(415, "Expecting 'Content-Type' of application/json or application/x-protobuf");
  }
  const text = request.body.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal(400, `Failed to parse body into JSON: syntax error at line ${String(errorLine(text))} near: `);
  }
  try {
    return convert(value, shape);
  } catch (error) {
    if (error instanceof ConversionError) {
      throw new Refusal(400, `Failed to convert JSON into Call protobuf: ${error.message}`);
    }
    throw error;
  }
}

function errorLine(text: string): number {
  return text === '' ? 1 : text.trimEnd().split('\n').length;
}

/** @throws {Refusal} 406 unless JSON is acceptable. */
export function requireJsonAccepted(headers: IncomingHttpHeaders): void {
  const accept = headers.accept;
  if (accept === undefined) return;
  for (const part of accept.split(',')) {
    const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    const refused = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    if (!refused && (range === '*/*' || range === 'application/*' || range === 'application/json')) return;
  }
  throw new Refusal(406, "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'");
}
