/** Pod addresses of one agent: `10.2.N.2` to `10.2.N.254`, the lowest free one first. */
export class PodAddresses {
  readonly #network: readonly [number, number];
  readonly #used = new Map<number, string>();

  /** `agent`: any number that tells the agents of a cluster apart. */
  constructor(agent: number) {
    const index = Math.abs(Math.trunc(agent)) % (200 * 256);
    this.#network = [2 + Math.floor(index / 256), index % 256];
  }

  /** All addresses of the agent, in CIDR notation. */
  get cidr(): string {
    return `10.${this.#network.join('.')}.0/24`;
  }

  take(): string {
    let host = 2;
    while (this.#used.has(host)) host += 1;
    const address = this.#name(host);
    this.#used.set(host, address);
    return address;
  }

  release(address: string): void {
    for (const [host, used] of this.#used) if (used === address) this.#used.delete(host);
  }

  #name(host: number): string {
    if (host <= 254) return `10.${this.#network.join('.')}.${host}`;
    // More than 253 pods on an agent (a node's limit is 110) borrow above all agents' own: unique while there are 256 agents at most.
    const borrowed = host - 255;
    return `10.${202 + (Math.floor(borrowed / 254) % 50)}.${this.#network[1]}.${(borrowed % 254) + 1}`;
  }
}

/** The number at the end of a Mesos agent id (`…-S12`), or one made of its text. */
export function agentNumber(agentId: string): number {
  const [, digits] = /-S(\d+)$/.exec(agentId) ?? [];
  if (digits !== undefined) return Number(digits);
  let hash = 0;
  for (const char of agentId) hash = (Math.imul(hash, 31) + (char.codePointAt(0) ?? 0)) >>> 0;
  return hash;
}
