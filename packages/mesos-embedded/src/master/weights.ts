import { validateRole } from '@kmd/mesos-client';

import { Refusal } from '../http/negotiation.js';

/** A role that is worth more than others; 1 where nothing was said. */
export interface WeightInfo {
  readonly weight: number;
  readonly role?: string | undefined;
}

/** The weights of roles, as operators set them (docs/weights.md). */
export class Weights {
  readonly #byRole = new Map<string, number>();

  get all(): WeightInfo[] {
    return [...this.#byRole].map(([role, weight]) => ({ weight, role }));
  }

  of(role: string): number {
    return this.#byRole.get(role) ?? 1;
  }

  has(role: string): boolean {
    return this.#byRole.has(role);
  }

  /** @throws {Refusal} for a weight that is not positive and a role that is none; nothing is changed then. */
  update(infos: readonly WeightInfo[]): void {
    for (const { role = '', weight } of infos) {
      const name = role.trim();
      const why =
        validateRole(name) === undefined
          ? weight > 0
            ? undefined
            : `Invalid weight '${String(weight)}': Weights must be positive`
          : `Invalid role '${name}': ${validateRole(name) ?? ''}`;
      if (why !== undefined) {
        throw new Refusal(400, `Failed to validate update weights request JSON for role '${name}': ${why}`);
      }
    }
    for (const { role = '', weight } of infos) this.#byRole.set(role.trim(), weight);
  }
}
