import { randomBytes } from 'node:crypto';
import {
  events,
  isNotFound,
  listAll,
  nodes,
  pods,
  waitFor,
  WaitTimeoutError,
  type KubeApi,
  type Node,
} from '@kmd/kube-client';
import { readinessOf, type Addon } from '../addons/addon.js';
import { describePod, isReady } from '../addons/pod-state.js';

export interface ValidationOptions {
  /** Nodes that have to be ready, at least. */
  nodes: number;
  addons?: readonly Addon[] | undefined;
  /** Has a pod scheduled and run, and removes it: whether the cluster does its work, and not only shows that it could. */
  pod?: TestPod | undefined;
  signal?: AbortSignal | undefined;
}

export interface TestPod {
  /** `registry.k8s.io/pause:3.10` by default. */
  image?: string | undefined;
  /** `default` by default. */
  namespace?: string | undefined;
  /** Milliseconds. A minute by default. */
  timeout?: number | undefined;
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
    ...(options.pod ? [check('pod', () => checkPod(api, options.pod ?? {}, signal))] : []),
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
  let ready = 0;
  let wanted = 0;
  let ok = true;
  const missing: string[] = [];
  for (const { namespace, labelSelector, replicas } of readinessOf(addon)) {
    const { items } = await listAll(api, pods, { namespace, labelSelector, signal });
    const present = items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
    const unready = present.filter((pod) => !isReady(pod));
    const found = present.length - unready.length;
    ready += found;
    wanted += replicas;
    ok &&= found >= replicas;
    if (unready.length === 0) continue;
    const all = await listAll(api, events, { namespace, signal });
    missing.push(...unready.map((pod) => describePod(pod, all.items)));
  }
  const detail = `${ready} of ${wanted} pods ready`;
  return { ok, detail: missing.length === 0 ? detail : `${detail}: ${missing.join('; ')}` };
}

async function checkPod(
  api: KubeApi,
  { image = 'registry.k8s.io/pause:3.10', namespace = 'default', timeout = 60_000 }: TestPod,
  signal: AbortSignal | undefined,
): Promise<Omit<Check, 'name'>> {
  const name = `kmd-validation-${randomBytes(4).toString('hex')}`;
  const container = { name: 'pause', image, resources: { requests: { cpu: '10m', memory: '8Mi' } } };
  await api.create(
    pods,
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels: { app: 'kmd-validation' } },
      spec: { containers: [container], restartPolicy: 'Never', terminationGracePeriodSeconds: 0 },
    },
    { namespace, signal },
  );
  try {
    const running = await waitFor(api, pods, name, (pod) => pod?.status?.phase === 'Running', {
      namespace,
      timeout,
      signal,
    }).catch(async (error: unknown): Promise<string> => {
      if (!(error instanceof WaitTimeoutError)) throw error;
      const [pod, all] = await Promise.all([
        api.get(pods, name, { namespace, signal }),
        listAll(api, events, { namespace, signal }),
      ]);
      return describePod(pod, all.items);
    });
    if (typeof running === 'string') return { ok: false, detail: `not running after ${timeout / 1000} s: ${running}` };
    return { ok: true, detail: `ran on ${running?.spec?.nodeName ?? 'a node'}` };
  } finally {
    // Not with the caller's signal: what was made goes, however the waiting ended.
    await api.delete(pods, name, { namespace, gracePeriodSeconds: 0 }).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }
}

const isNodeReady = ({ status }: Node): boolean =>
  (status?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');
