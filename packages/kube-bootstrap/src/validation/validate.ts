import { listAll, nodes, type KubeClient, type Node } from '@kmd/kube-client';
import type { Addon } from '../addons/addon.js';
import { describeState, lookAtAddon } from '../addons/look.js';
import { messageOf } from '../thrown.js';
import type { Check, Finding } from './check.js';
import { checkApiServer, checkLeaders } from './components.js';
import { runTestPod, type TestPod } from './test-pod.js';

export interface ValidationOptions {
  /** Nodes that have to be ready, at least. Absent: all that there are, and one at least. */
  nodes?: number | undefined;
  /** Addons that have to work; `findAddons` finds those that a cluster has. */
  addons?: readonly Pick<Addon, 'name' | 'ready'>[] | undefined;
  /** Has a pod scheduled and run, and removes it: whether the cluster does its work, and not only shows that it could. */
  pod?: TestPod | undefined;
  signal?: AbortSignal | undefined;
  now?: Date | undefined;
}

/**
 * Looks once whether a cluster works: the API server is ready, who leads has been heard of, enough nodes are ready, the addons run. What fails is a check
 * that is not `ok`, never an error, except the signal's reason.
 */
export async function validateCluster(
  api: KubeClient,
  options: ValidationOptions = {},
): Promise<{ ok: boolean; checks: Check[] }> {
  const { signal, pod, addons = [], now = new Date() } = options;
  const look = async <T>(name: string, ask: () => Promise<T>, tell: (answer: T) => Check[]): Promise<Check[]> => {
    try {
      return tell(await ask());
    } catch (error) {
      signal?.throwIfAborted();
      return [{ name, ok: false, detail: messageOf(error) }];
    }
  };
  const check = (name: string, ask: () => Promise<Finding>): Promise<Check[]> =>
    look(name, ask, (finding) => [{ name, ...finding }]);
  const checks = await Promise.all([
    check('API server', () => checkApiServer(api, signal)),
    look(
      'leaders',
      () => checkLeaders(api, { now, signal }),
      (found) => found,
    ),
    check('nodes', () => checkNodes(api, options)),
    ...addons.map((addon) => check(`addon ${addon.name}`, () => checkAddon(api, addon, signal))),
    ...(pod ? [check('test pod', () => runTestPod(api, pod, signal))] : []),
  ]).then((all) => all.flat());
  return { ok: checks.every(({ ok }) => ok), checks };
}

async function checkNodes(api: KubeClient, { nodes: wanted, signal }: ValidationOptions): Promise<Finding> {
  const { items } = await listAll(api, nodes, { signal });
  const unready = items.filter((node) => !isNodeReady(node)).map(({ metadata }) => metadata?.name ?? '?');
  const ready = items.length - unready.length;
  const needed = wanted ?? Math.max(1, items.length);
  const rest = unready.length > 0 ? `; not ready: ${unready.join(', ')}` : '';
  return { ok: ready >= needed, detail: `${ready} of ${needed} ready${rest}` };
}

async function checkAddon(
  api: KubeClient,
  addon: Pick<Addon, 'ready'>,
  signal: AbortSignal | undefined,
): Promise<Finding> {
  const { ok, ...state } = await lookAtAddon(api, addon, signal);
  return { ok, detail: describeState(state) };
}

const isNodeReady = ({ status }: Node): boolean =>
  (status?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');
