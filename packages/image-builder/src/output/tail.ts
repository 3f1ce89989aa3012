/** Lines of output that comes in pieces, and the last of them. */
export class Tail {
  /** The last lines, oldest first. */
  readonly lines: string[] = [];
  readonly #decoder = new TextDecoder();
  readonly #count: number;
  readonly #onLine: ((line: string) => unknown) | undefined;
  #open = '';

  /**
   * @param count how many lines are kept
   * @param onLine called with each line, which is kept unless it answers `false`
   */
  constructor(count: number, onLine?: (line: string) => unknown) {
    this.#count = count;
    this.#onLine = onLine;
  }

  add(piece: Uint8Array | string): void {
    const text = typeof piece === 'string' ? piece : this.#decoder.decode(piece, { stream: true });
    const parts = (this.#open + text).split('\n');
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
    if (this.#onLine?.(line) === false) return;
    this.lines.push(line);
    if (this.lines.length > this.#count) this.lines.shift();
  }
}
