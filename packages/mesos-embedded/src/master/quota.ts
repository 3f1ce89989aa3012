import { containsQuantities, validateRole, type Quantities, type Resource } from '@kmd/mesos-client';

import { Refusal } from '../http/negotiation.js';

/** Amounts by resource name as the protocol has them. */
export type AmountMap = Readonly<Record<string, { readonly value: number }>>;

/** What a role is promised, and what it may have at most. */
export interface QuotaConfig {
  readonly role: string;
  readonly guarantees?: AmountMap | undefined;
  readonly limits?: AmountMap | undefined;
}

interface Quota {
  readonly guarantees: Quantities;
  readonly limits: Quantities;
}

const none: Quota = { guarantees: new Map(), limits: new Map() };

/** The quotas of roles (docs/quota.md; src/master/quota_handler.cpp for the texts). */
export class Quotas {
  readonly #byRole = new Map<string, Quota>();

  of(role: string): Quota {
    return this.#byRole.get(role) ?? none;
  }

  get roles(): string[] {
    return [...this.#byRole.keys()];
  }

  has(role: string): boolean {
    return this.#byRole.has(role);
  }

  /** As `update` takes them. */
  get configs(): QuotaConfig[] {
    return [...this.#byRole]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([role, { guarantees, limits }]) => ({
        role,
        ...(guarantees.size === 0 ? {} : { guarantees: amountMap(guarantees) }),
        ...(limits.size === 0 ? {} : { limits: amountMap(limits) }),
      }));
  }

  /** GET_QUOTA and `/quota`: both forms, the deprecated `infos` and the `configs`. */
  describe(): object {
    if (this.#byRole.size === 0) return {};
    const entries = [...this.#byRole].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      infos: entries.map(([role, { guarantees }]) => ({
        role,
        ...(guarantees.size === 0
          ? {}
          : { guarantee: [...guarantees].map(([name, value]) => ({ name, type: 'SCALAR', scalar: { value } })) }),
      })),
      configs: this.configs,
    };
  }

  /** @throws {Refusal} when one of the configurations is wrong, or more is promised than there is (unless forced). */
  update(configs: readonly QuotaConfig[], force: boolean, capacity: Quantities): void {
    const next = new Map(this.#byRole);
    for (const config of configs) {
      if (config.role.includes('/')) {
        throw new Refusal(400, `Updating quota on nested role '${config.role}' is not supported yet`);
      }
      next.set(config.role, readConfig(config));
    }
    const total = new Map<string, number>();
    for (const { guarantees } of next.values()) {
      for (const [name, value] of guarantees) total.set(name, (total.get(name) ?? 0) + value);
    }
    if (!force && !containsQuantities(capacity, total)) {
      throw new Refusal(
        400,
        `Invalid QuotaConfig: total quota guarantees '${printQuantities(total)}' exceed cluster capacity '${printQuantities(capacity)}' (use 'force' flag to bypass this check)`,
      );
    }
    for (const [role, quota] of next) this.#byRole.set(role, quota);
  }

  /** The call of before 1.9: a guarantee that is the limit too. @throws {Refusal} */
  set(role: string, guarantee: readonly Resource[], force: boolean, capacity: Quantities): void {
    const error = validateRole(role);
    if (error !== undefined) throw new Refusal(400, `Failed to create 'QuotaInfo' from set quota request: ${error}`);
    if (this.#byRole.has(role)) {
      throw new Refusal(
        400,
        `Failed to validate set quota request: Cannot set quota for role '${role}' which already has quota`,
      );
    }
    if (role.includes('/')) throw new Refusal(400, `Setting quota on nested role '${role}' is not supported yet`);
    const amounts = new Map(guarantee.map(({ name, scalar }) => [name, scalar?.value ?? 0]));
    if (!force && !containsQuantities(capacity, amounts)) {
      throw new Refusal(409, "Heuristic capacity check for set quota request failed: Not enough available cluster capacity to reasonably satisfy quota request; the force flag can be used to override this check"); // prettier-ignore
    }
    this.#byRole.set(role, { guarantees: amounts, limits: amounts });
  }

  remove(role: string): boolean {
    return this.#byRole.delete(role);
  }
}

function readConfig({ role, guarantees = {}, limits = {} }: QuotaConfig): Quota {
  const invalid = (text: string): Refusal => new Refusal(400, `Invalid QuotaConfig: ${text}`);
  const error = validateRole(role);
  if (role === '') throw invalid("'QuotaConfig.role' must be set");
  if (error !== undefined) throw invalid(`Invalid 'QuotaConfig.role': ${error}`);
  for (const [field, map] of Object.entries({ guarantees, limits })) {
    for (const { value } of Object.values(map)) {
      if (value < 0)
        throw invalid(`Invalid 'QuotaConfig.${field}': { ${printMap(map)} }: Negative values not supported`);
    }
  }
  for (const [name, { value }] of Object.entries(guarantees)) {
    const limit = limits[name];
    if (limit !== undefined && value > limit.value) {
      throw invalid(
        `'QuotaConfig.guarantees' { ${printMap(guarantees)} } is not contained within the 'QuotaConfig.limits' { ${printMap(limits)} }`,
      );
    }
  }
  return { guarantees: quantities(guarantees), limits: quantities(limits) };
}

function quantities(map: AmountMap): Quantities {
  return new Map(Object.entries(map).map(([name, { value }]) => [name, value]));
}

function amountMap(amounts: Quantities): AmountMap {
  return Object.fromEntries([...amounts].map(([name, value]) => [name, { value }]));
}

function printMap(map: AmountMap): string {
  return Object.entries(map)
    .map(([name, { value }]) => `${name}: ${String(value)}`)
    .join(', ');
}

export function printQuantities(amounts: Quantities): string {
  return [...amounts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${String(value)}`)
    .join('; ');
}
