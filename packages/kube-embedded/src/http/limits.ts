/** What a client may take and send, as kube-apiserver has it (apiserver's secure_serving.go); times in milliseconds. */
export const limits = {
  /** Of a request's line and headers, in bytes. */
  headers: 1024 * 1024,
  handshake: 32_000,
  headersTime: 32_000,
  /** Of a whole request; an answer may take as long as it likes. */
  requestTime: 60_000,
  idle: 90_000,
  /** How long a connection is quiet before it is looked whether the other side is still there. */
  probe: 15_000,
};
