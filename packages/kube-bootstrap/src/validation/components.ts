import { leases, listAll, type KubeClient, type Lease } from '@kmd/kube-client';
import type { Check, Finding } from './check.js';

/** The API server by its own account (`/readyz`): which version it is, or which of its checks fail. */
export async function checkApiServer(api: Pick<KubeClient, 'request'>, signal?: AbortSignal): Promise<Finding> {
  const [ready, version] = await Promise.all([
    api.request('GET', '/readyz?verbose', { signal }),
    api.request('GET', '/version', { signal }),
  ]);
  if (ready.status === 200) return { ok: true, detail: versionOf(version.body) };
  // `[-]etcd failed: reason withheld`
  const failing = ready.body.split('\n').flatMap((line) => /^\[-\](\S+)/.exec(line)?.[1] ?? []);
  return {
    ok: false,
    detail: failing.length > 0 ? `not ready: ${failing.join(', ')}` : `/readyz answers ${ready.status}`,
  };
}

function versionOf(body: string): string {
  const value: unknown = JSON.parse(body);
  return typeof value === 'object' && value !== null && 'gitVersion' in value ? String(value.gitVersion) : '';
}

/** Leases in kube-system by which those who lead are known. */
const leaders: Readonly<Record<string, string>> = {
  'kube-controller-manager': 'controller manager',
  'kube-scheduler': 'scheduler',
};

/** A clock may be behind another, and a renewal late: longer than this beside the lease's own time is no accident. Milliseconds. */
const LENIENCE = 30_000;

/** Controller manager and scheduler by the leases with which they lead. One that takes no lease is not known here, and not told of. */
export async function checkLeaders(
  api: KubeClient,
  { now, signal }: { now: Date; signal?: AbortSignal | undefined },
): Promise<Check[]> {
  const { items } = await listAll(api, leases, { namespace: 'kube-system', signal });
  return items.flatMap((lease) => {
    const name = leaders[lease.metadata?.name ?? ''];
    return name === undefined ? [] : [{ name, ...judgeLease(lease, now) }];
  });
}

function judgeLease({ spec = {} }: Lease, now: Date): Finding {
  const { holderIdentity: holder, renewTime, leaseDurationSeconds = 15 } = spec;
  if (!holder || renewTime === undefined) return { ok: false, detail: 'nobody leads' };
  const age = now.getTime() - Date.parse(String(renewTime));
  return age > leaseDurationSeconds * 1000 + LENIENCE
    ? { ok: false, detail: `${holder} has not been heard of for ${Math.round(age / 1000)} s` }
    : { ok: true, detail: `${holder} leads` };
}
