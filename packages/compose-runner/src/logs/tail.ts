/** The last lines of output that comes in pieces. */
export class Tail {
  readonly lines: string[] = [];
  readonly #decoder = new TextDecoder();
  readonly #count: number;
  readonly #onLine: ((line: string) => void) | undefined;
  #open = '';

  constructor(count: number, onLine?: (line: string) => void) {
    this.#count = count;
    this.#onLine = onLine;
  }

  add(bytes: Uint8Array): void {
    const parts = (this.#open + this.#decoder.decode(bytes, { stream: true })).split('\n');
    this.#open = parts.pop() ?? '';
    for (const part of parts) this.#push(part.replace(/\r$/, ''));
  }

  /** A last line without an end counts. */
  end(): readonly string[] {
    if (this.#open !== '') this.#push(this.#open);
    this.#open = '';
    return this.lines;
  }

  #push(line: string): void {
    this.#onLine?.(line);
    this.lines.push(line);
    if (this.lines.length > this.#count) this.lines.shift();
  }
}
