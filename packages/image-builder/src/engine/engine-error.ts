/** Why a call to the engine failed. */
export type EngineErrorCode =
  /** Nothing answers, or the connection broke before an answer was whole. */
  | 'engine-unreachable'
  /** The engine does not know what was asked for (status 404). */
  | 'engine-not-found'
  /** What was asked is at odds with what is there, such as a name in use (status 409). */
  | 'engine-conflict'
  /** The engine refused: see `status` and the message, which is the engine's. */
  | 'engine-refused';

/** A call to the engine that failed. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: EngineErrorCode;
  /** Of the answer; absent when there was none. */
  readonly status: number | undefined;

  constructor(code: EngineErrorCode, message: string, options: ErrorOptions & { status?: number } = {}) {
    super(message, options);
    this.code = code;
    this.status = options.status;
  }
}

export function errorOfStatus(status: number, where: string, said: string): EngineError {
  const code = status === 404 ? 'engine-not-found' : status === 409 ? 'engine-conflict' : 'engine-refused';
  return new EngineError(code, `${where}: ${said === '' ? `the engine answered ${status}` : said}`, { status });
}
