import { type RequestListener, type Server, type ServerOptions, createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { KubeError, type Logger } from '@kmd/kube-client';
import { serveHttp2 } from './http2.js';
import type { ConnectionLimits } from './limits.js';
import { onlyWellFormed, refuse } from './malformed.js';

/** A port that requests come in by. */
export interface Endpoint {
  /** Resolves with the port. Throws `KubeError` with code `PortTaken` or `ListenFailed`. */
  listen(host: string, port: number): Promise<number>;
  /** Ends every connection, and resolves when the port is free. */
  close(): Promise<void>;
}

export interface TlsOptions {
  readonly cert: string;
  readonly key: string;
  /** Whose client certificates are taken. */
  readonly clientCa?: string | undefined;
}

const connections = (limits: ConnectionLimits): ServerOptions => ({
  // It is asked for with an answer of its own.
  requireHostHeader: false,
  maxHeaderSize: limits.headers,
  headersTimeout: limits.headersTime,
  requestTimeout: limits.requestTime,
  keepAliveTimeout: limits.idle,
  connectionsCheckingInterval: limits.check,
  keepAlive: true,
  keepAliveInitialDelay: limits.probe,
});

/** HTTP without TLS. */
export function plainEndpoint(listener: RequestListener, logger: Logger, limits: ConnectionLimits): Endpoint {
  const server = createServer(connections(limits), onlyWellFormed(listener));
  return endpoint(server, logger, () => undefined);
}

/** HTTPS, with HTTP/2 for those who choose it. Throws `KubeError` with code `InvalidCertificate`. */
export function secureEndpoint(
  { cert, key, clientCa }: TlsOptions,
  listener: RequestListener,
  logger: Logger,
  limits: ConnectionLimits,
): Endpoint {
  try {
    const server = createSecureServer(
      {
        ...connections(limits),
        cert,
        key,
        minVersion: 'TLSv1.2',
        handshakeTimeout: limits.handshake,
        ALPNProtocols: ['h2', 'http/1.1'],
        // Asked for, not demanded: tokens and passwords do as well.
        ...(clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: false }),
      },
      onlyWellFormed(listener),
    );
    return endpoint(server, logger, serveHttp2(server, listener, limits));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new KubeError(0, 'InvalidCertificate', `the server's certificate and key cannot be used: ${why}`, { cause });
  }
}

function endpoint(server: Server, logger: Logger, closeOthers: () => void): Endpoint {
  // Headers beyond a number are left out otherwise, and with them what they say; their size is limited.
  server.maxHeadersCount = 0;
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    logger.debug({ err: error }, 'a client broke off or sent no HTTP');
    refuse(error, socket);
  });
  return {
    listen: (host, port) => listen(server, host, port),
    async close() {
      closeOthers();
      if (!server.listening) return;
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException): void => {
      const taken = cause.code === 'EADDRINUSE';
      reject(
        new KubeError(
          0,
          taken ? 'PortTaken' : 'ListenFailed',
          taken
            ? `port ${port} of ${host} is taken by another program: stop it, or choose another port (0 takes a free one)`
            : `the API server cannot listen on ${host}:${port}: ${cause.message}`,
          { cause },
        ),
      );
    };
    server.once('error', fail);
    server.listen(port, host, () => {
      server.off('error', fail);
      resolve();
    });
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
