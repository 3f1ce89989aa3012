/** A build context that cannot be read or sent; the message names the path. */
export class ContextError extends Error {
  override readonly name = 'ContextError';
  readonly code: 'context-missing' | 'dockerfile-missing' | 'context-unreadable' | 'context-changed';
  /** The file or folder at fault. */
  readonly path: string;

  constructor(code: ContextError['code'], path: string, message: string, options?: ErrorOptions) {
    super(`${path}: ${message}`, options);
    this.code = code;
    this.path = path;
  }
}
