import type { IncomingMessage, RequestListener } from 'node:http';
import type { Duplex } from 'node:stream';
import { methodNotAllowed, statusOf } from '../errors.js';

/** What Node's parser has against a client's bytes. */
export interface Malformed extends NodeJS.ErrnoException {
  /** What was read last. */
  readonly rawPacket?: Buffer;
}

const unsupportedVersion = '505 HTTP Version Not Supported: unsupported protocol version';

/** Last words to a client, after which the connection ends. */
function end(socket: Duplex, status: string, type = 'text/plain; charset=utf-8', body = status): void {
  socket.end(`HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nConnection: close\r\n\r\n${body}`);
}

/** A first line that is well-formed. RFC 9110, section 9.1: a method is any token. */
const requestLine = /^[\w!#$%&'*+.^`|~-]+ \S+ HTTP\/1\.[01]\r?\n/;

/** A first line that ends without a carriage return, which Node's parser takes for a wrong version. */
const bareLine = / HTTP\/1\.[01]\n/;

/** Refuses what Node's parser does not take, in the words of Go's net/http. A client that is too slow is told nothing. */
export function refuse({ code, rawPacket }: Malformed, socket: Duplex): void {
  // Words to one that has not ended its TLS handshake would wait for that end.
  if (!socket.writable || code?.startsWith('HPE_') !== true) {
    socket.destroy();
    return;
  }
  const text = rawPacket?.toString('latin1') ?? '';
  if (code === 'HPE_HEADER_OVERFLOW') end(socket, '431 Request Header Fields Too Large');
  else if (code === 'HPE_INVALID_VERSION' && !bareLine.test(text)) end(socket, unsupportedVersion);
  else if (code === 'HPE_INVALID_TRANSFER_ENCODING')
    end(socket, '501 Not Implemented', undefined, 'Unsupported transfer encoding');
  // Node knows a list of methods; in Go any word is one, which no path has.
  else if (code === 'HPE_INVALID_METHOD' && requestLine.test(text))
    end(socket, '405 Method Not Allowed', 'application/json', `${JSON.stringify(statusOf(methodNotAllowed()))}\n`);
  else end(socket, '400 Bad Request');
}

/** What a host may be written with (x/net's `ValidHostHeader`). */
const hostLetters = /^[\w!$%&()*+,.:;=[\]'~-]*$/;

/** What is wrong with the head of a request that Node's parser lets through. */
function headProblem({ httpVersion, rawHeaders, headers: { host } }: IncomingMessage): string | undefined {
  if (!httpVersion.startsWith('1.')) return unsupportedVersion;
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
  if (hosts > 1) return '400 Bad Request';
  if (host === undefined) return httpVersion === '1.0' ? undefined : '400 Bad Request: missing required Host header';
  return hostLetters.test(host) ? undefined : '400 Bad Request: malformed Host header';
}

/** Hears requests of HTTP/1 that are well-formed, and refuses the others in the words of Go's net/http. */
export const onlyWellFormed =
  (listener: RequestListener): RequestListener =>
  (request, response) => {
    const problem = headProblem(request);
    if (problem === undefined) listener(request, response);
    else end(request.socket, problem);
  };
