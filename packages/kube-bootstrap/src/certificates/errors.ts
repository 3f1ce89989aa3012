export type CredentialsErrorCode = 'CREDENTIALS_BUSY' | 'CREDENTIALS_FILES' | 'CREDENTIALS_INVALID';

/**
 * Another process prepares the folder and does not come to an end (`CREDENTIALS_BUSY`), credentials could not be read or written (`CREDENTIALS_FILES`), or what was asked for cannot be put into them
 * (`CREDENTIALS_INVALID`).
 */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
  readonly code: CredentialsErrorCode;

  constructor(code: CredentialsErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
