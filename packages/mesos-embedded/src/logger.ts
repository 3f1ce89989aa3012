/** Where a pino-shaped logger goes; silent unless one is given. */
export interface Logger {
  debug(fields: object | string, message?: string): void;
  info(fields: object | string, message?: string): void;
  warn(fields: object | string, message?: string): void;
  error(fields: object | string, message?: string): void;
}

const ignore = (): void => undefined;

export const silent: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
