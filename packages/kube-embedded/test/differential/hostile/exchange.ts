import { request } from 'node:https';
import { parse } from 'yaml';
import type { FuzzedRequest } from '../../hostile/request-fuzz.js';
import { normalize } from '../normalize.js';
import type { Server } from '../play.js';

/** What a server says to a hostile request, as far as it is compared. */
export interface HostileAnswer {
  readonly status: number;
  readonly type: string;
  readonly reason?: string;
  /** Of a refusal: its message, or the text that is all of it. */
  readonly message?: string;
}

/** How long an answer may take. */
const patience = 30_000;

/** The words of a refusal. YAML has JSON in it. */
export function words(text: string, type: string): Pick<HostileAnswer, 'reason' | 'message'> {
  if (!/json|yaml/.test(type)) return { message: text };
  try {
    const { reason, message }: { reason?: string; message?: string } = parse(text);
    return { ...(reason === undefined ? {} : { reason }), message: String(normalize(message)) };
  } catch {
    return { message: text };
  }
}

/** Sends a request as it is, its path not made plain. Of what was granted the status and the type are told alone: watches have no end. */
export function exchange(server: Server, { method, path, headers, body }: FuzzedRequest): Promise<HostileAnswer> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve) => {
    const asked = request(
      {
        hostname,
        port,
        method,
        path,
        headers: { authorization: `Bearer ${server.token}`, ...headers },
        agent: server.agent,
        rejectUnauthorized: false,
        timeout: patience,
      },
      (response) => {
        const { statusCode: status = 0 } = response;
        const head = { status, type: response.headers['content-type'] ?? '' };
        if (status < 400) {
          resolve(head);
          response.resume();
          if (/watch/i.test(path)) response.destroy();
          return;
        }
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ ...head, ...(text === '' ? {} : words(text, head.type)) }));
      },
    );
    asked.on('timeout', () => asked.destroy(new Error(`no answer in ${patience / 1000} s`)));
    // A connection that is ended without a word is an answer as well.
    asked.on('error', (error) => resolve({ status: 0, type: '', message: error.message }));
    asked.end(body);
  });
}
