import type { KubeClient } from '@kmd/kube-client';
import type { ClusterRecord } from '../state/record.js';

/** Where the API server serves the page of the web UI. */
const path = '/api/v1/namespaces/kube-system/services/kubernetes-dashboard/proxy/';

/** Asks the page's server through the API server's proxy. Resolves to what is wrong, or undefined. */
export async function askPage(kube: KubeClient, signal: AbortSignal): Promise<string | undefined> {
  const { status } = await kube.request('GET', `${path}healthz`, { signal });
  return status === 200 ? undefined : `its page answers ${status}`;
}

/** Where a person finds it: at `/ui/`, or, behind an API server of Kubernetes' own, which has no such path and no passwords, through `kubectl proxy`. */
export async function locatePage(
  kube: KubeClient,
  apiServer: string,
  signal: AbortSignal,
): Promise<NonNullable<ClusterRecord['ui']>> {
  const { status } = await kube.request('GET', '/ui', { signal });
  return status === 404 ? { address: `http://127.0.0.1:8001${path}`, proxy: true } : { address: `${apiServer}/ui/` };
}
