import type { Range, Resource } from '@kmd/mesos-client';

/** A first and a last port, both included. */
export interface PortRange {
  readonly begin: number;
  readonly end: number;
}

type Lot =
  | { readonly template: Resource; readonly role: string; milli: number }
  | { readonly template: Resource; readonly role: string; ranges: PortRange[] };

/** The role a resource is reserved for, `*` for none: either form of reservation (specification C.9). */
export function roleOf(resource: Resource): string {
  return resource.reservations?.at(-1)?.role ?? resource.role ?? '*';
}

/** Resources that may vanish, are shared, or hold somebody's data are no pod's. */
const isPlain = (resource: Resource): boolean =>
  resource.revocable === undefined && resource.shared === undefined && resource.provider_id === undefined;

function lotOf(resource: Resource): Lot[] {
  if (!isPlain(resource)) return [];
  const role = roleOf(resource);
  if (resource.scalar) return [{ template: resource, role, milli: Math.round(resource.scalar.value * 1000) }];
  if (resource.ranges) return [{ template: resource, role, ranges: (resource.ranges.range ?? []).map(asRange) }];
  return [];
}

const asRange = ({ begin, end }: Range): PortRange => ({
  begin: Number(begin),
  end: Number(end),
});

/**
 * The resources of one agent's offers that are still free. What is taken from it keeps everything that identifies it for Mesos
 * (role, reservations, allocation): a task may only name what was offered. Amounts are counted in thousandths, as Mesos does.
 */
export class Stock {
  readonly #lots: Lot[];

  constructor(resources: readonly Resource[] | Stock) {
    this.#lots =
      resources instanceof Stock
        ? resources.#lots.map((lot) => ('ranges' in lot ? { ...lot, ranges: [...lot.ranges] } : { ...lot }))
        : resources.flatMap(lotOf);
  }

  /** How much of a scalar the roles have free. */
  scalar(name: string, roles: readonly string[]): number {
    let milli = 0;
    for (const lot of this.#lots)
      if ('milli' in lot && lot.template.name === name && roles.includes(lot.role)) milli += lot.milli;
    return milli / 1000;
  }

  /** How many ports the roles have free. */
  ports(roles: readonly string[]): number {
    let count = 0;
    for (const lot of this.#portLots(roles)) for (const { begin, end } of lot.ranges) count += end - begin + 1;
    return count;
  }

  /** Takes an amount of a scalar, from several roles if need be, in their order. Undefined, and nothing taken, when it is not there. */
  takeScalar(name: string, amount: number, roles: readonly string[]): Resource[] | undefined {
    let missing = Math.round(amount * 1000);
    if (Math.round(this.scalar(name, roles) * 1000) < missing) return undefined;
    const taken: Resource[] = [];
    for (const role of roles)
      for (const lot of this.#lots) {
        if (!('milli' in lot) || lot.role !== role || lot.template.name !== name || missing === 0) continue;
        const milli = Math.min(lot.milli, missing);
        if (milli === 0) continue;
        lot.milli -= milli;
        missing -= milli;
        taken.push({ ...lot.template, scalar: { value: milli / 1000 } });
      }
    return taken;
  }

  /** Takes one port: the one given, or the lowest free one of the first role that has any. */
  takePort(port: number | undefined, roles: readonly string[]): { port: number; resource: Resource } | undefined {
    for (const role of roles)
      for (const lot of this.#portLots([role])) {
        const range = lot.ranges
          .filter(({ begin, end }) => port === undefined || (begin <= port && port <= end))
          .sort((a, b) => a.begin - b.begin)[0];
        if (!range) continue;
        const chosen = port ?? range.begin;
        lot.ranges = lot.ranges.flatMap((other) => (other === range ? without(range, chosen) : [other]));
        return {
          port: chosen,
          resource: { ...lot.template, ranges: { range: [{ begin: chosen, end: chosen }] } },
        };
      }
    return undefined;
  }

  *#portLots(roles: readonly string[]): Generator<Extract<Lot, { ranges: PortRange[] }>> {
    for (const lot of this.#lots)
      if ('ranges' in lot && lot.template.name === 'ports' && roles.includes(lot.role)) yield lot;
  }
}

const without = ({ begin, end }: PortRange, port: number): PortRange[] =>
  [
    { begin, end: port - 1 },
    { begin: port + 1, end },
  ].filter((range) => range.begin <= range.end);
