export type RunnerErrorCode =
  /** No engine answers, wherever it was looked for. */
  | 'engine-missing'
  /** A network or volume that is declared external and is not there. */
  | 'external-missing'
  /** An image that is neither there nor built nor to be pulled. */
  | 'image-missing'
  /** A container that a service waits for is unhealthy, ended, or has no health check. */
  | 'dependency-failed'
  /** A container that should stay up ended, or did not become healthy. */
  | 'service-failed'
  /** A hook of a service ended with another code than 0. */
  | 'hook-failed'
  /** Not up within the time that was given. */
  | 'wait-timeout'
  /** The engine refused to make or start something. */
  | 'engine-refused'
  /** A network that should go is used by a container of another project. */
  | 'network-used'
  /** Something that cannot be copied to where it shall go: a folder to a file, a file to a folder that is not there. */
  | 'copy-refused'
  /** A service, or a container of it, that is not there. */
  | 'no-such-service'
  /** Something of the Compose file that this library cannot do. */
  | 'unsupported';

/** Why a project could not be made to run. */
export class RunnerError extends Error {
  override readonly name = 'RunnerError';
  readonly code: RunnerErrorCode;
  readonly service: string | undefined;
  readonly container: string | undefined;
  /** The container's last lines, oldest first, where they say why. */
  readonly output: readonly string[];

  constructor(
    code: RunnerErrorCode,
    message: string,
    about: ErrorOptions & { service?: string; container?: string; output?: readonly string[] } = {},
  ) {
    const { output = [] } = about;
    const said = output.length === 0 ? '' : `\n  its last lines:\n${output.map((line) => `    ${line}`).join('\n')}`;
    super(`${message}${said}`, about);
    this.code = code;
    this.service = about.service;
    this.container = about.container;
    this.output = output;
  }
}
