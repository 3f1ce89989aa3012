import { signal, type Signal } from '@preact/signals';

/** Milliseconds between two drawings of changed data: more is not seen, and costs a frame each. */
const INTERVAL = 100;

/** A number that grows when something has changed, at most ten times a second however often that happens. */
export class Version {
  readonly #value: Signal<number> = signal(0);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = 0;

  /** Reads it, and draws anew when it grows. */
  get current(): number {
    return this.#value.value;
  }

  grow(): void {
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#last + INTERVAL - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#last = performance.now();
      this.#value.value += 1;
    }, wait);
  }
}
