import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';

type Level = 'debug' | 'info' | 'warn' | 'error';
type Write = (fields: unknown, message?: string) => void;

/** The logger that every package takes: pino's shape, `(fields, message)` or `(message)`. */
export type Logger = Record<Level, Write>;

/** One log file a service, appended to: `TIME LEVEL message key=value …`, a line an entry. */
export class ServiceLogs {
  readonly #directory: string;
  readonly #files = new Map<string, ReturnType<typeof createWriteStream>>();

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  logger(service: string): Logger {
    let file = this.#files.get(service);
    if (!file) {
      file = createWriteStream(join(this.#directory, `${service}.log`), { flags: 'a', mode: 0o600 });
      // A full disk must not end the cluster: the log is lost, the services go on.
      file.on('error', () => undefined);
      this.#files.set(service, file);
    }
    const stream = file;
    return createLogger((line) => stream.write(line), { debug: true });
  }

  /** Resolves when all that was logged is in the files. */
  async close(): Promise<void> {
    await Promise.all(
      [...this.#files.values()].map((file) => new Promise<void>((resolve) => file.end(() => resolve()))),
    );
  }
}

/** A logger that prints entries, those for debugging only when it is told to. */
export function createLogger(print: (line: string) => void, { debug = false }: { debug?: boolean } = {}): Logger {
  const at =
    (level: Level): Write =>
    (fields, message) =>
      print(formatEntry(new Date(), level, fields, message));
  return { debug: debug ? at('debug') : () => undefined, info: at('info'), warn: at('warn'), error: at('error') };
}

export function formatEntry(time: Date, level: Level, fields: unknown, message?: string): string {
  const parts = [time.toISOString(), level.toUpperCase().padEnd(5)];
  if (typeof fields === 'string') parts.push(fields);
  else {
    if (message !== undefined) parts.push(message);
    if (fields instanceof Error) parts.push(`error=${quote(fields.message)}`);
    else if (typeof fields === 'object' && fields !== null) {
      for (const [key, value] of Object.entries(fields)) {
        if (value !== undefined) parts.push(`${key}=${quote(value)}`);
      }
    } else if (fields !== undefined) parts.push(format(fields));
  }
  return `${parts.join(' ').replaceAll('\n', '\\n')}\n`;
}

function quote(value: unknown): string {
  if (typeof value === 'string') return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
  if (value instanceof Error) return quote(value.message);
  if (typeof value === 'bigint') return String(value);
  return JSON.stringify(value) ?? 'undefined';
}
