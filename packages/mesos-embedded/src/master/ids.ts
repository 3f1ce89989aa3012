import { randomUUID } from 'node:crypto';

/** The id of a master, and those it gives: they begin with its own. */
export class Ids {
  #master: string = randomUUID();
  #frameworks = 0;
  #agents = 0;
  #offers = 0;

  get master(): string {
    return this.#master;
  }

  framework(): string {
    return `${this.#master}-${String(this.#frameworks++).padStart(4, '0')}`;
  }

  agent(): string {
    return `${this.#master}-S${String(this.#agents++)}`;
  }

  offer(): string {
    return `${this.#master}-O${String(this.#offers++)}`;
  }

  /** Another master takes over: it has an id of its own. */
  renew(): void {
    this.#master = randomUUID();
    this.#frameworks = this.#agents = this.#offers = 0;
  }
}
