import type { RequestListener } from 'node:http';
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

/** Refuses what Node's parser does not take, in the words of Go's net/http. A client that is too slow is told nothing. */
export function refuse({ code, rawPacket }: Malformed, socket: Duplex): void {
  // Words to one that has not ended its TLS handshake would wait for that end.
  if (!socket.writable || code?.startsWith('HPE_') !== true) {
    socket.destroy();
    return;
  }
  if (code === 'HPE_HEADER_OVERFLOW') end(socket, '431 Request Header Fields Too Large');
  else if (code === 'HPE_INVALID_VERSION') end(socket, unsupportedVersion);
  // Node knows a list of methods; in Go any word is one, which no path has.
  else if (code === 'HPE_INVALID_METHOD' && requestLine.test(rawPacket?.toString('latin1') ?? ''))
    end(socket, '405 Method Not Allowed', 'application/json', `${JSON.stringify(statusOf(methodNotAllowed()))}\n`);
  else end(socket, '400 Bad Request');
}

/** Node's parser lets HTTP/0.9 and HTTP/2.0 through in a request line of HTTP/1. */
export const onlyVersion1 =
  (listener: RequestListener): RequestListener =>
  (request, response) => {
    if (request.httpVersionMajor === 1) listener(request, response);
    else end(request.socket, unsupportedVersion);
  };
