import { checkKinds } from '../message/kinds.js';
import { ConversionError, convert, isObject, type Shape } from '../message/shape.js';
import type { Reply } from './reply.js';
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
 *
 * @throws {Refusal}
 */
export function readCall(request: HttpRequest, shape: Shape, message: string): Readonly<Record<string, unknown>> {
  const type = request.headers['content-type'];
  if (type === undefined) throw new Refusal(400, "Expecting 'Content-Type' to be present");
  if (type === 'application/x-protobuf') return readProtobuf(request, message);
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
    const call = convert(value, shape);
    if (request.protobuf !== undefined) checkKinds(request.protobuf, message, call);
    return call;
  } catch (error) {
    if (error instanceof ConversionError) {
      throw new Refusal(400, `Failed to convert JSON into Call protobuf: ${error.message}`);
    }
    throw error;
  }
}

function readProtobuf({ protobuf, body }: HttpRequest, message: string): Readonly<Record<string, unknown>> {
  try {
    const call = protobuf?.decode(message, body);
    if (isObject(call)) return call;
  } catch {
    // Any bytes that are no such message are answered alike.
  }
  throw new Refusal(400, 'Failed to parse body into Call protobuf');
}

function errorLine(text: string): number {
  return text === '' ? 1 : text.trimEnd().split('\n').length;
}

/** The messages that an endpoint answers with, by their names in the protocol. */
export interface Messages {
  readonly response: string;
  readonly event: string;
}

/**
 * Chooses the content type of the answer: JSON where that is acceptable, else protobuf (src/master/http.cpp).
 *
 * @throws {Refusal} 406 when neither is.
 */
export function negotiate({ headers, protobuf }: HttpRequest, reply: Reply, messages: Messages): void {
  if (accepts(headers.accept, 'application/json')) return;
  if (protobuf === undefined || !accepts(headers.accept, 'application/x-protobuf')) {
    throw new Refusal(406, "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'");
  }
  reply.encodeWith(protobuf, messages);
}

function accepts(accept: string | undefined, type: string): boolean {
  if (accept === undefined) return true;
  for (const part of accept.split(',')) {
    const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    const refused = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    if (!refused && (range === '*/*' || range === 'application/*' || range === type)) return true;
  }
  return false;
}
