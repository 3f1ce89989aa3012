import { connect } from 'node:tls';
import type { Server } from '../play.js';
import type { HostileAnswer } from './exchange.js';
import { words } from './exchange.js';

const path = '/api/v1/namespaces/fuzz/configmaps/a';
const end = '\r\n';

/** A request as its lines, the token and what lets the server close left to be added. */
const lines = (first: string, ...headers: readonly string[]): string =>
  [first, ...headers, 'Authorization: Bearer {token}', 'Connection: close', '', ''].join(end);

const host = 'Host: x';

/** What a friendly client's library would never write. */
export const rawRequests: Readonly<Record<string, string>> = {
  'HTTP/1.0': lines(`GET ${path} HTTP/1.0`),
  'HTTP/1.1 without a host': lines(`GET ${path} HTTP/1.1`),
  'two hosts': lines(`GET ${path} HTTP/1.1`, host, 'Host: y'),
  'a host that is none': lines(`GET ${path} HTTP/1.1`, 'Host: a b'),
  'a whole URL': lines(`GET https://elsewhere${path} HTTP/1.1`, host),
  'a whole URL of another kind': lines(`GET ftp://elsewhere${path} HTTP/1.1`, host),
  'a path without a slash': lines('GET version HTTP/1.1', host),
  'a path with a space': lines('GET /ver sion HTTP/1.1', host),
  'a path with a fragment': lines('GET /version#a HTTP/1.1', host),
  'a method in small letters': lines(`get ${path} HTTP/1.1`, host),
  'a body expected to be waited for': `${lines(`PUT ${path}?dryRun=All HTTP/1.1`, host, 'Expect: 100-continue', 'Content-Type: application/json', 'Content-Length: 2')}{}`,
  'an expectation that is none': `${lines(`PUT ${path}?dryRun=All HTTP/1.1`, host, 'Expect: miracles', 'Content-Length: 2')}{}`,
  'a length that is none': `${lines(`PUT ${path} HTTP/1.1`, host, 'Content-Length: two')}{}`,
  'a length below nothing': `${lines(`PUT ${path} HTTP/1.1`, host, 'Content-Length: -2')}{}`,
  'two lengths': `${lines(`PUT ${path} HTTP/1.1`, host, 'Content-Length: 2', 'Content-Length: 3')}{}`,
  'a length and chunks': `${lines(`PUT ${path}?dryRun=All HTTP/1.1`, host, 'Content-Length: 2', 'Transfer-Encoding: chunked')}0${end}${end}`,
  'an encoding that is none': `${lines(`PUT ${path} HTTP/1.1`, host, 'Transfer-Encoding: cake')}{}`,
  'a chunk that is none': `${lines(`PUT ${path}?dryRun=All HTTP/1.1`, host, 'Content-Type: application/json', 'Transfer-Encoding: chunked')}cake${end}${end}`,
  'a header without a colon': lines(`GET ${path} HTTP/1.1`, host, 'Cake'),
  'a header with a space before its colon': lines(`GET ${path} HTTP/1.1`, host, 'Cake : yes'),
  'a header without a name': lines(`GET ${path} HTTP/1.1`, host, ': yes'),
  'a folded header': lines(`GET ${path} HTTP/1.1`, host, 'Cake: yes', ' please'),
  'a header with a NUL': lines(`GET ${path} HTTP/1.1`, host, 'Cake: \0'),
  'line feeds alone': lines(`GET ${path} HTTP/1.1`, host).replaceAll(end, '\n'),
  'two requests at once': `GET /version HTTP/1.1${end}${host}${end}Authorization: Bearer {token}${end}${end}${lines(`GET ${path} HTTP/1.1`, host)}`,
  'two tokens': lines(`GET ${path} HTTP/1.1`, host, 'Authorization: Bearer none'),
  'an upgrade to HTTP/2': lines(`GET ${path} HTTP/1.1`, host, 'Upgrade: h2c', 'HTTP2-Settings: AAAA'),
};

/** How long both have to say all that they have to say. */
const patience = 5000;

/** The statuses of all answers in a text, with the type and the words of the last. A body in chunks is put together. */
function read(text: string): HostileAnswer {
  const statuses = [...text.matchAll(/HTTP\/1\.[01] (\d{3})/g)].map(([, status]) => Number(status));
  const last = text.slice(Math.max(text.lastIndexOf('HTTP/1.'), 0));
  const split = last.indexOf(`${end}${end}`);
  const type = /^content-type: *(.*)$/im.exec(last.slice(0, split))?.[1]?.trim() ?? '';
  const body = last
    .slice(split + 4)
    .replace(/^(?:[0-9a-f]+\r\n([^]*?)\r\n)?0\r\n\r\n$/i, (_, chunk?: string) => chunk ?? '');
  const status = statuses.at(-1) ?? 0;
  const more = statuses.length > 1 ? `${statuses.join(', ')}: ` : '';
  if (status < 400) return { status, type, ...(more === '' ? {} : { message: more }) };
  const said = words(body, type);
  return { status, type, ...said, message: more + (said.message ?? '') };
}

/** Sends the bytes of a request over TLS, and tells what came back until the server closed, or said nothing more. */
export function exchangeRaw(server: Server, request: string): Promise<HostileAnswer> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve) => {
    let text = '';
    const socket = connect({
      host: hostname,
      port: Number(port),
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
    });
    socket.on('secureConnect', () =>
      socket.write(request.replace('{token}', server.token).replace('{token}', server.token), 'latin1'),
    );
    socket.on('data', (chunk) => (text += chunk.toString()));
    // A connection that is broken off says what was said before.
    socket.on('error', () => undefined);
    socket.setTimeout(patience, () => socket.destroy());
    socket.on('close', () => resolve(read(text)));
  });
}
