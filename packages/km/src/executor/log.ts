import type { ContainerLog, LogLine } from './runtime.js';

/** A log in memory. */
export class MemoryLog implements ContainerLog {
  readonly lines: LogLine[] = [];
  readonly #listeners = new Set<(line?: LogLine) => void>();
  ended = false;

  write(text: string): void {
    const line = { time: Date.now(), text };
    this.lines.push(line);
    for (const listener of this.#listeners) listener(line);
  }

  end(): void {
    if (this.ended) return;
    this.ended = true;
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }

  follow(listener: (line?: LogLine) => void): () => void {
    if (this.ended) {
      listener();
      return () => undefined;
    }
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
