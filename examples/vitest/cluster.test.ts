import { createCluster } from '@kmd/cluster';
import { nodes } from '@kmd/kube-client';
import { afterAll, beforeAll, expect, it } from 'vitest';

let cluster: Awaited<ReturnType<typeof createCluster>>;

beforeAll(async () => {
  // Any free ports, no kubeconfig touched, and it ends with this process.
  cluster = await createCluster({
    name: 'my-test',
    agents: 2,
    apiPort: 0,
    mesosPort: 0,
    kubeconfig: false,
    background: false,
  });
});
afterAll(() => cluster.down());

it('has a node per agent', async () => {
  const kube = cluster.connect();
  expect((await kube.list(nodes)).items).toHaveLength(2);
  kube.close();
});
