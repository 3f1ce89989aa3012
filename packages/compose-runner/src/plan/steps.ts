import type { Action, Step } from './action.js';

/** Collects steps, and knows which of them work on a container, network or volume. */
export class Steps {
  readonly list: Step[] = [];
  readonly #ids = new Set<string>();

  /** Adds a step once: the same id is the same work. */
  add(id: string, action: Action, after: readonly string[] = []): string {
    if (this.#ids.has(id)) return id;
    this.list.push({ id, action, after: [...new Set(after)].filter((one) => this.#ids.has(one)) });
    this.#ids.add(id);
    return id;
  }
}
