/** What a client may take and send; times in milliseconds. */
export interface ConnectionLimits {
  /** Of a request's line and headers, in bytes. 1 MiB by default. */
  readonly headers: number;
  /** Of a TLS handshake. 32,000 by default. */
  readonly handshake: number;
  /** From the beginning of a connection, or of a request, to the end of its headers. 32,000 by default. */
  readonly headersTime: number;
  /** Of a whole request; an answer may take as long as it likes. 60,000 by default. */
  readonly requestTime: number;
  /** Of a connection between requests. 90,000 by default. */
  readonly idle: number;
  /** How often connections are looked through for those that are late. 5,000 by default. */
  readonly check: number;
  /** How long a connection is quiet before it is looked whether the other side is still there. 15,000 by default. */
  readonly probe: number;
  /** How often the client of a connection of HTTP/2 is asked whether it is still there, while something is under way. 30,000 by default. */
  readonly ping: number;
  /** How long it may take to say so, before its connection ends. 15,000 by default. */
  readonly pong: number;
  /** A watcher that takes nothing for so long is gone, or not worth waiting for: it can watch again from where it was. 60,000 by default. */
  readonly patience: number;
}

/** As kube-apiserver has them (apiserver's secure_serving.go). */
export const defaultLimits: ConnectionLimits = {
  headers: 1024 * 1024,
  handshake: 32_000,
  headersTime: 32_000,
  requestTime: 60_000,
  idle: 90_000,
  check: 5000,
  probe: 15_000,
  ping: 30_000,
  pong: 15_000,
  patience: 60_000,
};
