export type KubeconfigErrorCode =
  'KUBECONFIG_INVALID' | 'KUBECONFIG_LOCKED' | 'KUBECONFIG_UNREADABLE' | 'KUBECONFIG_UNWRITABLE' | 'KUBECONFIG_NOWHERE';

/** A kubeconfig file cannot be used as it is; it was left untouched. */
export class KubeconfigError extends Error {
  override readonly name = 'KubeconfigError';
  readonly code: KubeconfigErrorCode;
  readonly path: string | undefined;
  /** Where in the file, counted from 1, for `KUBECONFIG_INVALID`. */
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(
    code: KubeconfigErrorCode,
    message: string,
    options: { path?: string; line?: number | undefined; column?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.path = options.path;
    this.line = options.line;
    this.column = options.column;
  }
}
