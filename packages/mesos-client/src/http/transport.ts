/** A request as this package makes it: always a POST. */
export interface TransportRequest {
  readonly url: URL;
  /** Sent exactly as given: Mesos compares `Content-Type` letter by letter. */
  readonly headers: Readonly<Record<string, string>>;
  /** An iterable is sent in chunks as it gives them, once. */
  readonly body: string | Uint8Array | AsyncIterable<Uint8Array>;
  /**
   * `own`: a connection that carries nothing else, closed with the answer (streams). Any other name: requests of one name go over one
   * kept connection, in order, each after the answer to the one before.
   */
  readonly connection: 'own' | 'calls' | 'acknowledgements';
  /** Milliseconds to wait for the head of the answer; 0 waits for ever. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

/** An answer whose head has arrived. */
export interface TransportResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The body as it arrives. Iterating it to the end, or leaving the iteration, frees the connection. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Cuts the connection: an iteration of the body ends with an error. */
  abort(): void;
}

/** How requests travel. A transport follows no redirects and adds no header but those of HTTP itself. */
export interface Transport {
  /** Resolves with the head of the answer, whatever its status. Rejects with `UnreachableError`, or the signal's reason. */
  send(request: TransportRequest): Promise<TransportResponse>;
  /** Frees kept connections. */
  close(): void;
}
