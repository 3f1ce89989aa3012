/** For how long kubelets may keep secrets and config maps, in seconds, in clusters of `least` to `most` nodes: the real controller's figures. */
const steps = [
  { least: 0, most: 100, seconds: 0 },
  { least: 90, most: 500, seconds: 15 },
  { least: 450, most: 1000, seconds: 30 },
  { least: 900, most: 2000, seconds: 60 },
  { least: 1800, most: Infinity, seconds: 300 },
] as const;

/** A time that grows with the cluster, and does not swing where a node more or less would change it. */
export class Lifetime {
  #step = 0;

  /** The time for a cluster that has come to this many nodes, one by one. */
  at(nodes: number): number {
    while (nodes > (steps[this.#step]?.most ?? Infinity)) this.#step++;
    while (nodes < (steps[this.#step]?.least ?? 0)) this.#step--;
    return steps[this.#step]?.seconds ?? 0;
  }
}
