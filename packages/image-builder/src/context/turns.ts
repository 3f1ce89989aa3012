/** Milliseconds that work which waits for the disk may keep everything else waiting. */
const longest = 10;

/** Lets others have their turn during work that does not wait for anything else: timers, signals, the engine's answers. */
export class Turns {
  #since = performance.now();

  isOver(): boolean {
    return performance.now() - this.#since > longest;
  }

  async next(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#since = performance.now();
  }
}
