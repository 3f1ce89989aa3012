/** Where a long-lived part reports what it does; shaped as pino's logger, so that one can be passed as it is. */
export interface Logger {
  debug(fieldsOrMessage: object | string, message?: string): void;
  info(fieldsOrMessage: object | string, message?: string): void;
  warn(fieldsOrMessage: object | string, message?: string): void;
  error(fieldsOrMessage: object | string, message?: string): void;
}

const nothing = (): void => undefined;

/** The default everywhere: says nothing. */
export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/**
 * Lines of JSON, one an entry, for a process of its own: `time`, `level`, the fields (of errors the message), `msg`. Debug entries are left
 * out unless `debug` is set.
 */
export function jsonLogger(print: (line: string) => void, { debug = false }: { debug?: boolean } = {}): Logger {
  const at =
    (level: keyof Logger) =>
    (fields: object | string, message?: string): void => {
      const rest = typeof fields === 'string' ? { msg: fields } : { ...plain(fields), msg: message };
      print(`${JSON.stringify({ time: new Date().toISOString(), level, ...rest })}\n`);
    };
  return { debug: debug ? at('debug') : nothing, info: at('info'), warn: at('warn'), error: at('error') };
}

const plain = (fields: object): object =>
  Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, value instanceof Error ? value.message : value]),
  );
