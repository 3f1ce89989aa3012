import type { IncomingMessage, ServerResponse } from 'node:http';
import type { User } from '../requests/backend.js';
import { wantsYaml } from './accept.js';

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
  /** The body is an object of the API in JSON, which is told in YAML to those who would rather have that. */
  readonly negotiable?: true;
}

/** The signal of an exchange. A server that closes closes its connections, and with them their responses. */
export function signalOf(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  if (response.destroyed) gone.abort();
  else response.once('close', () => gone.abort());
  return gone.signal;
}

/**
 * A document that is JSON whatever the client would like.
 * @param value an object, or its JSON: as text, or as bytes that end with a newline
 */
export const documentReply = (value: unknown, headers: Reply['headers'] = {}, status = 200): Reply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: value instanceof Uint8Array ? value : `${typeof value === 'string' ? value : JSON.stringify(value)}\n`,
});

/** An object of the API, as of `documentReply`. */
export const jsonReply = (status: number, value: unknown, headers: Reply['headers'] = {}): Reply => ({
  ...documentReply(value, headers, status),
  negotiable: true,
});

/** Whether a reply is wanted in another form than it has. */
export const isWantedInYaml = ({ negotiable }: Reply, accept: string | undefined): boolean =>
  negotiable === true && wantsYaml(accept);

/** A reply in YAML, whose keys the real server sorts. */
export async function inYaml(reply: Reply): Promise<Reply> {
  const { stringify } = await import('yaml');
  const value: unknown = JSON.parse(Buffer.from(reply.body).toString());
  return {
    ...reply,
    headers: { ...reply.headers, 'content-type': 'application/yaml' },
    body: stringify(value, { sortMapEntries: true, aliasDuplicateObjects: false }),
  };
}

export const textReply = (status: number, body: string, headers: Reply['headers'] = {}): Reply => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff', ...headers },
  body,
});
