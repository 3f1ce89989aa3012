import type { Project } from '../model/project.js';

/** One service's need of another. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  /** `service_started`, `service_healthy` or `service_completed_successfully`. */
  readonly condition: string;
  /** False when the other service may be missing or fail. */
  readonly required: boolean;
}

/** Active services and what each of them waits for. */
export interface DependencyGraph {
  readonly services: readonly string[];
  readonly edges: readonly Edge[];
}

/** Who depends on whom, among the active services; implied dependencies included. */
export function dependencyGraph(project: Pick<Project, 'services'>): DependencyGraph {
  const services = Object.keys(project.services).sort();
  const edges = services.flatMap((from) =>
    Object.entries(project.services[from]?.depends_on ?? {})
      .filter(([to]) => Object.hasOwn(project.services, to))
      .map(([to, dependency]) => ({
        from,
        to,
        condition: dependency.condition ?? 'service_started',
        required: dependency.required !== false,
      }))
      .sort((a, b) => (a.to < b.to ? -1 : 1)),
  );
  return { services, edges };
}

/** A chain of services that leads back to its first, `[a, b, a]`; `undefined` when there is none. */
export function findCycle(project: Pick<Project, 'services'>): readonly string[] | undefined {
  const next = new Map<string, string[]>();
  for (const { from, to } of dependencyGraph(project).edges) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  for (const start of Object.keys(project.services).sort()) {
    // Walked with a stack of its own: a long chain must not exhaust the call stack.
    const path: string[] = [];
    const onPath = new Map<string, number>();
    const stack: { name: string; leave: boolean }[] = [{ name: start, leave: false }];
    for (let step = stack.pop(); step !== undefined; step = stack.pop()) {
      if (step.leave) {
        done.add(step.name);
        onPath.delete(step.name);
        path.pop();
        continue;
      }
      if (done.has(step.name)) continue;
      const seen = onPath.get(step.name);
      if (seen !== undefined) return [...path.slice(seen), step.name];
      onPath.set(step.name, path.length);
      path.push(step.name);
      stack.push({ name: step.name, leave: true });
      for (const to of (next.get(step.name) ?? []).toReversed()) stack.push({ name: to, leave: false });
    }
  }
  return undefined;
}

/** What to order, and which way. */
export interface OrderOptions {
  /** Only these services and what they need. All active ones without it. */
  readonly only?: readonly string[];
  /** Only these services and what depends on them. */
  readonly from?: readonly string[];
  /** Dependents first: the order to stop in. */
  readonly reverse?: boolean;
}

/**
 * Services such that each comes after what it depends on. Among those that are free to start the names decide, so the order is
 * the same on each run. The project has no cycles: loading refuses them.
 */
export function serviceOrder(project: Pick<Project, 'services'>, options: OrderOptions = {}): string[] {
  const { edges } = dependencyGraph(project);
  const needs = new Map<string, string[]>();
  for (const { from, to } of edges) needs.set(from, [...(needs.get(from) ?? []), to]);
  const order: string[] = [];
  const placed = new Set<string>();
  const stack = (options.only ?? Object.keys(project.services))
    .filter((name) => Object.hasOwn(project.services, name))
    .toSorted()
    .toReversed()
    .map((name) => ({ name, leave: false }));
  const open = new Set<string>();
  for (let step = stack.pop(); step !== undefined; step = stack.pop()) {
    if (step.leave) {
      if (!placed.has(step.name)) order.push(step.name);
      placed.add(step.name);
      continue;
    }
    if (placed.has(step.name) || open.has(step.name)) continue;
    open.add(step.name);
    stack.push({ name: step.name, leave: true });
    for (const name of (needs.get(step.name) ?? []).toReversed()) stack.push({ name, leave: false });
  }
  const wanted = options.from === undefined ? order : order.filter(isAbove(options.from, order, needs));
  return options.reverse === true ? wanted.toReversed() : wanted;
}

/** Whether a service is one of those named, or needs one of them at any distance. `order` has needs before needers. */
function isAbove(
  names: readonly string[],
  order: readonly string[],
  needs: ReadonlyMap<string, readonly string[]>,
): (name: string) => boolean {
  const above = new Set(names);
  for (const name of order) if (needs.get(name)?.some((need) => above.has(need)) === true) above.add(name);
  return (name) => above.has(name);
}

/** The images that the active services run, each once, sorted: `image`, or the name that a build gets. */
export function imagesOf(project: Pick<Project, 'name' | 'services'>): string[] {
  const images = Object.values(project.services).flatMap((service) => {
    if (service.image !== undefined) return [service.image];
    return service.build === undefined ? [] : [`${project.name}-${service.name}`];
  });
  return [...new Set(images)].sort();
}
