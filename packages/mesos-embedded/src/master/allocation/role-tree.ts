import { changeAll, type Quantities } from './holdings.js';

/** A role, or a component of one: `a` and `b` of the role `a/b`. */
interface Node {
  readonly name: string;
  readonly path: string;
  readonly children: Map<string, Node>;
  /** The role that ends here; with children it stands beside them, as if it were one of them. */
  role: string | undefined;
  /** What the role itself holds, and what it holds together with all below it. */
  readonly own: Map<string, number>;
  readonly all: Map<string, number>;
  ownOffers: number;
  allOffers: number;
}

interface Ranked {
  readonly share: number;
  readonly offers: number;
  readonly path: string;
}

/**
 * Roles in the order of dominant resource fairness (src/master/allocator/mesos/sorter/drf): at each level of the tree the poorest
 * comes first, by its largest part of any scalar of the cluster over its weight, then by how often it was served, then by name.
 */
export class RoleTree {
  readonly #total: Quantities;
  readonly #weightOf: (path: string) => number;
  readonly #root = createNode('', '');
  #order: readonly string[] | undefined;

  constructor(total: Quantities, weightOf: (path: string) => number) {
    this.#total = total;
    this.#weightOf = weightOf;
  }

  /** Notes that frameworks have this role, what they hold under it, and how often they were offered something. */
  add(role: string, held: Quantities, offers: number): void {
    const path = this.#path(role);
    const leaf = path.at(-1);
    if (leaf === undefined) return;
    leaf.role = role;
    changeAll(leaf.own, held);
    leaf.ownOffers += offers;
    for (const node of path) {
      changeAll(node.all, held);
      node.allOffers += offers;
    }
    this.#order = undefined;
  }

  /** A role was given something. */
  give(role: string, amounts: Quantities): void {
    this.add(role, amounts, 1);
  }

  /** Every role, the poorest first. */
  get order(): readonly string[] {
    return (this.#order ??= this.#list(this.#root));
  }

  #path(role: string): Node[] {
    const path: Node[] = [];
    let node = this.#root;
    for (const name of role.split('/')) {
      let child = node.children.get(name);
      if (child === undefined) {
        child = createNode(name, node.path === '' ? name : `${node.path}/${name}`);
        node.children.set(name, child);
      }
      path.push(child);
      node = child;
    }
    return path;
  }

  #list(node: Node): string[] {
    const entries: (Ranked & { readonly roles: () => string[] })[] = [];
    const { role } = node;
    if (role !== undefined) {
      if (node.children.size === 0) return [role];
      const path = `${node.path}/.`;
      entries.push({ share: this.#share(node.own, path), offers: node.ownOffers, path, roles: () => [role] });
    }
    for (const child of node.children.values()) {
      const share = this.#share(child.all, child.path);
      entries.push({ share, offers: child.allOffers, path: child.path, roles: () => this.#list(child) });
    }
    return entries.sort(byFairness).flatMap(({ roles }) => roles());
  }

  #share(held: Quantities, path: string): number {
    return dominantShare(held, this.#total) / this.#weightOf(path);
  }
}

function createNode(name: string, path: string): Node {
  const amounts = { own: new Map<string, number>(), all: new Map<string, number>() };
  return { name, path, children: new Map(), role: undefined, ...amounts, ownOffers: 0, allOffers: 0 };
}

export function byFairness(left: Ranked, right: Ranked): number {
  return left.share - right.share || left.offers - right.offers || (left.path < right.path ? -1 : 1);
}

/** The largest part of any scalar of the cluster. */
export function dominantShare(held: Quantities, total: Quantities): number {
  let share = 0;
  for (const [name, amount] of held) {
    const whole = total.get(name) ?? 0;
    if (whole > 0) share = Math.max(share, amount / whole);
  }
  return share;
}
