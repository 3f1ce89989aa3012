import { createInformer, isNotFound, nodes, pods, type KubeClient, type Pod } from '@kmd/kube-client';

/** A scheduler's and a kubelet's part: every pod is bound to this one node, runs and is ready at once, and ends when it is deleted. */
export interface HollowNode {
  readonly name: string;
  close(): Promise<void>;
}

/** A node controller takes a node for lost after 40 s without a word. Milliseconds. */
const HEARTBEAT = 5_000;

export async function startHollowNode(api: KubeClient, name: string): Promise<HollowNode> {
  const over = new AbortController();
  await api.create(nodes, { apiVersion: 'v1', kind: 'Node', metadata: { name } });
  const beat = async (): Promise<void> => {
    const lastHeartbeatTime = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
    const ready = { type: 'Ready', status: 'True', reason: 'KubeletReady', message: '', lastHeartbeatTime };
    const status = {
      capacity: { cpu: '4', memory: '4Gi', pods: '110' },
      allocatable: { cpu: '4', memory: '4Gi', pods: '110' },
      conditions: [ready],
    };
    await api.patch(nodes, name, { status }, { type: 'strategic', subresource: 'status' });
  };
  await beat();
  const timer = setInterval(() => void beat().catch(() => undefined), HEARTBEAT);

  const step = async (pod: Pod): Promise<void> => {
    const { name: podName = '', namespace, deletionTimestamp } = pod.metadata ?? {};
    const at = { namespace };
    if (deletionTimestamp !== undefined) await api.delete(pods, podName, { ...at, gracePeriodSeconds: 0 });
    else if (pod.spec?.nodeName === undefined)
      await api.createSubresource(pods, podName, 'binding', bindingOf(podName, namespace, name), at);
    else if (pod.status?.phase !== 'Running') {
      const status: Pod['status'] = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
      await api.patch(pods, podName, { status }, { ...at, type: 'strategic', subresource: 'status' });
    }
  };
  const informer = createInformer(api, pods, {});
  const follow = (pod: Pod): void =>
    void step(pod).catch((error: unknown) => {
      // It was deleted, or bound, between the event and now.
      if (!isNotFound(error) && !(error instanceof Error && 'status' in error && error.status === 409)) throw error;
    });
  informer.subscribe({ added: follow, updated: follow });
  const running = informer.run(over.signal);
  return {
    name,
    async close() {
      clearInterval(timer);
      over.abort();
      await running;
    },
  };
}

const bindingOf = (name: string, namespace: string | undefined, node: string) => ({
  apiVersion: 'v1',
  kind: 'Binding',
  metadata: { name, namespace },
  target: { apiVersion: 'v1', kind: 'Node', name: node },
});
