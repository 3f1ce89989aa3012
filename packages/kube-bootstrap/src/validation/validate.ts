import { events, listAll, nodes, pods, type KubeApi, type Node } from '@kmd/kube-client';
import type { Addon } from '../addons/addon.js';
import { describePod, isReady } from '../addons/pod-state.js';

export interface ValidationOptions {
  /** Nodes that have to be ready, at least. */
  nodes: number;
  addons?: readonly Addon[] | undefined;
  signal?: AbortSignal | undefined;
}

export interface Check {
  /** `nodes`, `addon dns`, … */
  name: string;
  ok: boolean;
  /** One line: what was found, and what is missing. */
  detail: string;
}

/**
 * Looks once whether a cluster works: enough nodes are ready, the addons run. What fails is a check that is not
 * `ok`, never an error, except the signal's reason.
 */
export async function validateCluster(
  api: KubeApi,
  options: ValidationOptions,
): Promise<{ ok: boolean; checks: Check[] }> {
  const { signal } = options;
  const check = async (name: string, look: () => Promise<Omit<Check, 'name'>>): Promise<Check> => {
    try {
      return { name, ...(await look()) };
    } catch (error) {
      signal?.throwIfAborted();
      return { name, ok: false, detail: error instanceof Error ? error.message : String(error) };
    }
  };
  const checks = await Promise.all([
    check('nodes', () => checkNodes(api, options)),
    ...(options.addons ?? []).map((addon) => check(`addon ${addon.name}`, () => checkAddon(api, addon, signal))),
  ]);
  return { ok: checks.every(({ ok }) => ok), checks };
}

async function checkNodes(api: KubeApi, { nodes: wanted, signal }: ValidationOptions): Promise<Omit<Check, 'name'>> {
  const { items } = await listAll(api, nodes, { signal });
  const unready = items.filter((node) => !isNodeReady(node)).map(({ metadata }) => metadata?.name ?? '?');
  const ready = items.length - unready.length;
  const rest = unready.length > 0 ? `; not ready: ${unready.join(', ')}` : '';
  return { ok: ready >= wanted, detail: `${ready} of ${wanted} ready${rest}` };
}

async function checkAddon(api: KubeApi, addon: Addon, signal: AbortSignal | undefined): Promise<Omit<Check, 'name'>> {
  const { namespace, labelSelector, replicas } = addon.ready;
  const { items } = await listAll(api, pods, { namespace, labelSelector, signal });
  const present = items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
  const unready = present.filter((pod) => !isReady(pod));
  const ready = present.length - unready.length;
  const detail = `${ready} of ${replicas} pods ready`;
  if (unready.length === 0) return { ok: ready >= replicas, detail };
  const all = await listAll(api, events, { namespace, signal });
  return {
    ok: ready >= replicas,
    detail: `${detail}: ${unready.map((pod) => describePod(pod, all.items)).join('; ')}`,
  };
}

const isNodeReady = ({ status }: Node): boolean =>
  (status?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');
