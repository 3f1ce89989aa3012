export type CredentialsErrorCode = 'CREDENTIALS_FILES' | 'CREDENTIALS_INVALID';

/** Credentials could not be read or written (`CREDENTIALS_FILES`), or what was asked for cannot be put into them (`CREDENTIALS_INVALID`). */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
  readonly code: CredentialsErrorCode;

  constructor(code: CredentialsErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
