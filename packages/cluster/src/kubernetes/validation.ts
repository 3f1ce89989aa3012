import { type Check, validateCluster } from '@kmd/kube-bootstrap';
import { openPlace } from '../addons/place.js';
import { readAddons } from '../addons/state.js';
import { openCluster } from '../cluster.js';
import { messageOf } from '../errors.js';
import type { ClusterStatus } from '../status.js';
import type { KubernetesTarget } from '../target.js';
import type { ValidateOptions, Validation } from '../validate.js';

export async function validate(target: KubernetesTarget, options: ValidateOptions = {}): Promise<Validation> {
  const { signal, pod = {} } = options;
  const own: Check[] = [];
  let { nodes } = options;
  if ('cluster' in target) {
    const { environment } = target;
    const status = await openCluster(target.cluster, { ...(environment && { environment }) }).status({ signal });
    if (status.state === 'stopped')
      return { ok: false, checks: [{ name: 'cluster', ok: false, detail: status.problems.join('; ') }] };
    own.push(...checkServices(status));
    nodes ??= status.agents.length;
  }
  const place = await openPlace(target);
  try {
    const [{ checks }, addons] = await Promise.all([
      validateCluster(place.kube, { nodes, signal, ...(pod === false ? {} : { pod }) }),
      checkAddons(place.kube, place.expected, signal),
    ]);
    const all = [...own, ...checks, ...addons];
    return { ok: all.every(({ ok }) => ok), checks: all };
  } finally {
    place.close();
  }
}

/** What only a cluster of kmd's has: its services, and the Mesos agents. */
function checkServices({ services, agents, problems }: ClusterStatus): Check[] {
  const active = agents.filter((agent) => agent.active);
  const lost = agents.filter((agent) => !agent.active).map(({ hostname }) => hostname);
  return [
    ...services
      .filter(({ state }) => state !== 'builtin')
      .map(({ name, healthy, address, detail }) => ({
        name: `service ${name}`,
        ok: healthy,
        detail: [address, detail].filter(Boolean).join(', ') || (healthy ? 'healthy' : 'unhealthy'),
      })),
    {
      name: 'agents',
      ok: active.length > 0 && lost.length === 0,
      detail: `${active.length} of ${agents.length} active${lost.length > 0 ? `; not active: ${lost.join(', ')}` : ''}`,
    },
    ...problems.map((detail) => ({ name: 'status', ok: false, detail })),
  ];
}

async function checkAddons(
  kube: Parameters<typeof readAddons>[0],
  expected: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Check[]> {
  try {
    const addons = await readAddons(kube, expected, signal);
    return addons.map(({ name, ready, detail }) => ({ name: `addon ${name}`, ok: ready, detail }));
  } catch (error) {
    signal?.throwIfAborted();
    return [{ name: 'addons', ok: false, detail: messageOf(error) }];
  }
}
