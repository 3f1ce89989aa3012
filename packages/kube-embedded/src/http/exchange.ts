import type { IncomingMessage, ServerResponse } from 'node:http';
import type { User } from '../requests/backend.js';

/** One HTTP request on its way through the server. */
export interface Exchange {
  readonly method: string;
  /** Percent-decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly user: User;
  /** How many milliseconds the client of a watch may take nothing. */
  readonly patience: number;
  /** Aborted when the client goes away or the server closes. Made when it is asked for: most exchanges are over before. */
  readonly signal: AbortSignal;
}

/** A whole answer. A handler that streams writes to the response itself and answers nothing. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Uint8Array;
}

/** The signal of an exchange. A server that closes closes its connections, and with them their responses. */
export function signalOf(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  if (response.destroyed) gone.abort();
  else response.once('close', () => gone.abort());
  return gone.signal;
}

/** @param value an object, or its JSON: as text, or as bytes that end with a newline */
export const jsonReply = (status: number, value: unknown, headers: Reply['headers'] = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: value instanceof Uint8Array ? value : `${typeof value === 'string' ? value : JSON.stringify(value)}\n`,
});

export const textReply = (status: number, body: string, headers: Reply['headers'] = {}): Reply => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff', ...headers },
  body,
});
