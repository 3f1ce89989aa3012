import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createCluster } from '../src/index.js';

const home = mkdtempSync(join(tmpdir(), 'kmd-kubeconfig-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const theirs = (name: string): string => `apiVersion: v1
kind: Config
clusters: [{name: ${name}, cluster: {server: "https://${name}"}}]
contexts: [{name: ${name}, context: {cluster: ${name}, user: ${name}}}]
users: [{name: ${name}, user: {token: ${name}}}]
current-context: ${name}
`;

it('down takes the context out of every kubeconfig that it was merged into, and makes current what was', async () => {
  const [one, other] = [join(home, 'one'), join(home, 'other')];
  writeFileSync(one, theirs('work'));
  writeFileSync(other, theirs('play'));
  const cluster = await createCluster({
    environment: {
      ...process.env,
      KMD_HOME: home,
      HOME: home,
      KUBECONFIG: one,
      NUM_NODES: '1',
      ENABLE_CLUSTER_UI: 'false',
    },
    runtime: 'embedded',
    name: 'both',
    apiPort: 0,
    mesosPort: 0,
  });
  try {
    expect(await cluster.mergeKubeconfig(other)).toEqual({ path: other, context: 'kmd-both' });
    await cluster.mergeKubeconfig();
    for (const path of [one, other]) expect(readFileSync(path, 'utf8')).toContain('current-context: kmd-both');
  } finally {
    await cluster.down();
  }
  expect(readFileSync(one, 'utf8')).toContain('current-context: work');
  expect(readFileSync(other, 'utf8')).toContain('current-context: play');
  for (const path of [one, other]) expect(readFileSync(path, 'utf8')).not.toContain('kmd-both');
});
