import type { RequestListener, ServerResponse, IncomingMessage } from 'node:http';
import type { Server } from 'node:https';
import type { Http2Server, ServerHttp2Session } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { ConnectionLimits } from './limits.js';

/** What kube-apiserver lets one connection have open (`--http2-max-streams-per-connection`). */
const streamLimit = 1000;

/** Ends a connection whose client vanished without a word, as a machine does that lost its network: it does not answer to pings. */
function watchOver(session: ServerHttp2Session, { ping, pong }: ConnectionLimits, isBusy: () => boolean): void {
  let waiting: NodeJS.Timeout | undefined;
  const asking = setInterval(() => {
    if (waiting !== undefined || session.destroyed || !isBusy()) return;
    waiting = setTimeout(() => session.destroy(), pong).unref();
    session.ping(() => {
      clearTimeout(waiting);
      waiting = undefined;
    });
  }, ping).unref();
  session.once('close', () => {
    clearInterval(asking);
    clearTimeout(waiting);
  });
}

/**
 * Lets a server that offers `h2` in its TLS handshake speak HTTP/2 with the clients that choose it, as kube-apiserver does: a browser
 * opens six connections at most, and every watch takes a whole one of HTTP/1. Node's module is loaded for the first such client. Gives the
 * function that ends all their connections.
 */
export function serveHttp2(server: Server, listener: RequestListener, limits: ConnectionLimits): () => void {
  const sessions = new Set<ServerHttp2Session>();
  let http2: Promise<Http2Server> | undefined;
  const open = async (): Promise<Http2Server> => {
    const { createServer } = await import('node:http2');
    // Its requests and responses have the interface of node:http's (Node documentation, "Compatibility API").
    const made = createServer(
      { settings: { maxConcurrentStreams: streamLimit, maxHeaderListSize: limits.headers } },
      (request, response) =>
        listener(request as unknown as IncomingMessage, response as unknown as ServerResponse<IncomingMessage>),
    );
    made.on('session', (session) => {
      sessions.add(session);
      session.on('close', () => sessions.delete(session));
      session.on('error', () => session.destroy());
      let streams = 0;
      session.on('stream', (stream) => {
        streams += 1;
        stream.once('close', () => {
          streams -= 1;
        });
      });
      // A watch may be quiet for as long as it likes.
      session.setTimeout(limits.idle, () => {
        if (streams === 0) session.close();
      });
      // To ask on a connection without streams would keep it from being idle.
      watchOver(session, limits, () => streams > 0);
    });
    return made;
  };
  const http1 = server.listeners('secureConnection');
  server.removeAllListeners('secureConnection');
  server.on('secureConnection', (socket: TLSSocket) => {
    if (socket.alpnProtocol !== 'h2') {
      for (const listen of http1) listen.call(server, socket);
      return;
    }
    // Nothing is read from it until the module is there.
    http2 ??= open();
    http2.then(
      (made) => made.emit('connection', socket),
      () => socket.destroy(),
    );
  });
  return () => {
    for (const session of sessions) session.destroy();
  };
}
