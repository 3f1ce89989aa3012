import { randomBytes } from 'node:crypto';
import { events, ignoreNotFound, listAll, pods, waitFor, WaitTimeoutError, type KubeApi } from '@kmd/kube-client';
import { describePod } from '../addons/pod-state.js';
import type { Finding } from './check.js';

export interface TestPod {
  /** `registry.k8s.io/pause:3.10` by default. */
  image?: string | undefined;
  /** `default` by default. */
  namespace?: string | undefined;
  /** Milliseconds. A minute by default. */
  timeout?: number | undefined;
}

/** Has a pod scheduled and run, and removes it, whatever came of it. */
export async function runTestPod(
  api: KubeApi,
  { image = 'registry.k8s.io/pause:3.10', namespace = 'default', timeout = 60_000 }: TestPod,
  signal: AbortSignal | undefined,
): Promise<Finding> {
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
  let finding: Finding;
  try {
    finding = await awaitRunning(api, name, { namespace, timeout, signal });
  } finally {
    // Not with the caller's signal: what was made goes, however the waiting ended.
    await api.delete(pods, name, { namespace, gracePeriodSeconds: 0 }).catch(ignoreNotFound);
  }
  if (!finding.ok) return finding;
  try {
    await waitFor(api, pods, name, (pod) => pod === undefined, { namespace, timeout, signal });
  } catch (error) {
    if (!(error instanceof WaitTimeoutError)) throw error;
    return { ok: false, detail: `${finding.detail}, and is not gone ${timeout / 1000} s after it was deleted` };
  }
  return { ok: true, detail: `${finding.detail}, and was removed` };
}

async function awaitRunning(
  api: KubeApi,
  name: string,
  { namespace, timeout, signal }: { namespace: string; timeout: number; signal: AbortSignal | undefined },
): Promise<Finding> {
  try {
    const pod = await waitFor(api, pods, name, (one) => one?.status?.phase === 'Running', {
      namespace,
      timeout,
      signal,
    });
    return { ok: true, detail: `ran on ${pod?.spec?.nodeName ?? 'a node'}` };
  } catch (error) {
    if (!(error instanceof WaitTimeoutError)) throw error;
    const [pod, all] = await Promise.all([
      api.get(pods, name, { namespace, signal }),
      listAll(api, events, { namespace, signal }),
    ]);
    return { ok: false, detail: `not running after ${timeout / 1000} s: ${describePod(pod, all.items)}` };
  }
}
