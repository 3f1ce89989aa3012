/** What went wrong, in a form that does not change between versions. */
export type MesosEmbeddedErrorCode =
  'ADDRESS_IN_USE' | 'LISTEN_FAILED' | 'WORK_DIRECTORY' | 'BAD_OPTION' | 'INCOMPATIBLE_AGENT';

/** The errors of this package. Resource texts that cannot be parsed throw `@kmd/mesos-client`'s own error. */
export class MesosEmbeddedError extends Error {
  readonly code: MesosEmbeddedErrorCode;

  constructor(code: MesosEmbeddedErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** The port asked for is taken. */
export class AddressInUseError extends MesosEmbeddedError {
  readonly host: string;
  readonly port: number;

  constructor(host: string, port: number, options?: ErrorOptions) {
    super(
      'ADDRESS_IN_USE',
      `Cannot listen on ${host}:${String(port)}: another process holds the port. Choose another port, or 0 for a free one.`,
      options,
    );
    this.host = host;
    this.port = port;
  }
}

/** The system refused to listen, for another reason than a taken port. */
export class ListenError extends MesosEmbeddedError {
  constructor(host: string, port: number, options?: ErrorOptions) {
    const cause = options?.cause instanceof Error ? options.cause.message : 'unknown reason';
    super('LISTEN_FAILED', `Cannot listen on ${host}:${String(port)}: ${cause}.`, options);
  }
}
