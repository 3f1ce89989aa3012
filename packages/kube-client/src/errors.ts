/** A refusal by an API server (its `Status` object), or a failure to reach it (`status` 0). */
export class KubeError extends Error {
  override readonly name = 'KubeError';
  /** Machine-readable reason: `NotFound`, `AlreadyExists`, `Conflict`, `Expired`, `Invalid`, `Forbidden`, …; `Unreachable` without an answer. */
  readonly code: string;
  /** HTTP status code, 0 without an answer. */
  readonly status: number;
  /** The server's `Status.details`, when it sent any. */
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    options: { details?: Readonly<Record<string, unknown>> | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.status = status;
    this.code = code;
    this.details = options.details;
  }
}

const has = (code: string) => (error: unknown) => error instanceof KubeError && error.code === code;

export const isNotFound = has('NotFound');
export const isAlreadyExists = has('AlreadyExists');
export const isConflict = has('Conflict');
/** The resource version asked for is no longer kept (410): list again. */
export const isExpired = (error: unknown): boolean => error instanceof KubeError && error.status === 410;

/** For `.catch` of calls on what may be gone: that is no error then, and the result is undefined. */
export function ignoreNotFound(error: unknown): undefined {
  if (!isNotFound(error)) throw error;
}
