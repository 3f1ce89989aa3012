import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';

/** Who asks: by token, by certificate, or without a name. */
interface Asker {
  token?: string;
  cert?: string;
  key?: string;
}

/** Asks an executor's server, and resolves when it begins to answer. */
export function openKubelet(port: number, path: string, { token, ...pair }: Asker = {}): Promise<IncomingMessage> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const options = { host: '127.0.0.1', port, path, headers, rejectUnauthorized: false, agent: false, ...pair };
  return new Promise((resolve, reject) => request(options, resolve).on('error', reject).end());
}

export async function askKubelet(port: number, path: string, as?: Asker): Promise<{ status?: number; body: string }> {
  const response = await openKubelet(port, path, as);
  return { status: response.statusCode ?? 0, body: await text(response) };
}
