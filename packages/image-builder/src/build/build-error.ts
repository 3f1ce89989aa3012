/** A build that failed on the engine. */
export class BuildError extends Error {
  override readonly name = 'BuildError';
  /** `build-failed` when the engine says so, `build-broken` when its answer ended without an outcome. */
  readonly code: 'build-failed' | 'build-broken';
  /** The step that failed, as the Dockerfile has it, such as `RUN make`; absent when the build failed before its first. */
  readonly step: string | undefined;
  /** The last lines that were printed, oldest first. */
  readonly output: readonly string[];

  constructor(
    code: BuildError['code'],
    message: string,
    where: { step?: string | undefined; output: readonly string[] },
    options?: ErrorOptions,
  ) {
    const { step, output } = where;
    const at = step === undefined ? '' : `\n  in step: ${step}`;
    const said = output.length === 0 ? '' : `\n  its last lines:\n${output.map((line) => `    ${line}`).join('\n')}`;
    super(`${message}${at}${said}`, options);
    this.code = code;
    this.step = step;
    this.output = output;
  }
}
