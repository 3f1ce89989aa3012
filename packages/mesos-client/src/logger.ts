/** One method of a logger: an object with fields and a message, or a message alone. */
export type LogMethod = (fields: object | string, message?: string) => void;

/** What this package asks of a logger; pino's fits. */
export interface Logger {
  debug: LogMethod;
  info: LogMethod;
  warn: LogMethod;
  error: LogMethod;
}

const nothing: LogMethod = () => undefined;

/** Says nothing. */
export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };
