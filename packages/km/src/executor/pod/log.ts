import type { ContainerLog, LogLine } from './runtime.js';

/** Lines that are kept; what is older is forgotten, as a kubelet rotates its files. */
const KEPT = 10_000;

/** A log in memory. */
export class MemoryLog implements ContainerLog {
  readonly #lines: LogLine[] = [];
  readonly #listeners = new Set<(line?: LogLine) => void>();
  #ended = false;

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  get ended(): boolean {
    return this.#ended;
  }

  write(text: string): void {
    const line = { time: Date.now(), text };
    this.#lines.push(line);
    // In bulk: to shift an array of ten thousand at each line would be dear.
    if (this.#lines.length > KEPT * 1.2) this.#lines.splice(0, this.#lines.length - KEPT);
    for (const listener of this.#listeners) listener(line);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }

  follow(listener: (line?: LogLine) => void): () => void {
    if (this.#ended) {
      listener();
      return () => undefined;
    }
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
