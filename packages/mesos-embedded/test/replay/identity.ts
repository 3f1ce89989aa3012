import { ExactNumber } from './exact-json.js';

const idLike = /[0-9a-f]{8}-[0-9a-f]{4}-|^[A-Za-z0-9+/]{22}==$|^\/(?:[\w.-]+\/)+/;

/** Which live id stands for which recorded one. */
export class Identity {
  readonly #live = new Map<string, string>();

  bind(recorded: string, live: string): void {
    if (recorded !== '' && live !== '' && !this.#live.has(recorded)) this.#live.set(recorded, live);
  }

  has(recorded: string): boolean {
    return this.#live.has(recorded);
  }

  /** Binds the ids at the same places of two values. */
  bindValues(recorded: unknown, live: unknown): void {
    if (typeof recorded === 'string' && typeof live === 'string') {
      if (idLike.test(recorded) && idLike.test(live)) this.bind(recorded, live);
    } else if (Array.isArray(recorded) && Array.isArray(live)) {
      if (recorded.length === live.length) recorded.forEach((item, index) => { this.bindValues(item, live[index]); }); // prettier-ignore
    } else if (isObject(recorded) && isObject(live)) {
      for (const [key, value] of Object.entries(recorded)) this.bindValues(value, live[key]);
    }
  }

  /** The same for the values of two lists, as far as both go. */
  bindPairs(recorded: readonly unknown[], live: readonly unknown[]): void {
    recorded.forEach((value, index) => {
      this.bindValues(value, live[index]);
    });
  }

  /** A recorded text with the live ids in it. */
  rewrite(text: string): string {
    const known = [...this.#live]
      .filter(([recorded]) => text.includes(recorded))
      .sort(([a], [b]) => b.length - a.length);
    if (known.length === 0) return text;
    const pattern = new RegExp(
      known.map(([recorded]) => recorded.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'),
      'g',
    );
    return text.replace(pattern, (found) => this.#live.get(found) ?? found);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}
