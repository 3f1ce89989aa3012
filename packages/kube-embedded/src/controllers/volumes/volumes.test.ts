import { isNotFound, pods } from '@kmd/kube-client';
import { afterEach, describe, expect, it } from 'vitest';
import { type TestCluster, startTestCluster } from '../testing/cluster.js';
import { statefulSets } from '../workloads.js';
import {
  type PersistentVolume,
  type PersistentVolumeClaim,
  persistentVolumeClaims,
  persistentVolumes,
  storageClasses,
} from './kinds.js';

let cluster: TestCluster;
afterEach(() => cluster.close());
const at = { namespace: 'default' };
const claim = (name: string, spec: PersistentVolumeClaim['spec'] = {}): PersistentVolumeClaim => ({
  metadata: { name, ...at },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
});
const volume = (name: string, storage: string, spec: PersistentVolume['spec'] = {}): PersistentVolume => ({
  metadata: { name },
  spec: {
    capacity: { storage },
    accessModes: ['ReadWriteOnce'],
    storageClassName: 'manual',
    hostPath: { path: '/x' },
    ...spec,
  },
});
const bound = (found: PersistentVolumeClaim | undefined): boolean => found?.status?.phase === 'Bound';
const user = (name: string, claimName: string) => ({
  metadata: { name, ...at },
  spec: {
    containers: [{ name: 'c', image: 'i' }],
    volumes: [{ name: 'v', persistentVolumeClaim: { claimName } }],
  },
});

describe('claims of a hollow cluster', () => {
  it('of a stateful set are bound to volumes of the default class, which go with them', async () => {
    cluster = await startTestCluster({ hollowVolumes: true });
    const { api } = cluster;
    await cluster.until(storageClasses, 'standard', (found) => found !== undefined);
    await api.create(statefulSets, {
      metadata: { name: 'db', ...at },
      spec: {
        replicas: 1,
        serviceName: 'db',
        selector: { matchLabels: { app: 'db' } },
        template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
        volumeClaimTemplates: [claim('data')],
      },
    });
    await cluster.until(persistentVolumeClaims, 'data-db-0', bound);
    await cluster.until(statefulSets, 'db', (found) => found?.status?.readyReplicas === 1);
    const made = await api.get(persistentVolumeClaims, 'data-db-0', at);
    expect(made).toMatchObject({
      metadata: { finalizers: ['kubernetes.io/pvc-protection'] },
      spec: { storageClassName: 'standard', volumeName: `pvc-${made.metadata?.uid ?? ''}` },
      status: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } },
    });
    const name = made.spec?.volumeName ?? '';
    await cluster.until(persistentVolumes, name, (found) => found?.status?.phase === 'Bound');

    await api.delete(persistentVolumeClaims, 'data-db-0', at);
    await api.delete(statefulSets, 'db', at);
    await cluster.until(persistentVolumeClaims, 'data-db-0', (found) => found === undefined);
    await cluster.until(persistentVolumes, name, (found) => found === undefined);
  });

  it('that were made before there was a class get it', async () => {
    cluster = await startTestCluster();
    const { api } = cluster;
    await api.create(persistentVolumeClaims, claim('early'));
    await api.create(storageClasses, {
      metadata: { name: 'late', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      provisioner: 'kmd.dev/hollow',
    });
    await cluster.until(persistentVolumeClaims, 'early', bound);
    expect((await api.get(persistentVolumeClaims, 'early', at)).spec?.storageClassName).toBe('late');
  });

  it('wait for a pod where their class says so', async () => {
    cluster = await startTestCluster({ kubelet: false });
    const { api } = cluster;
    await api.create(storageClasses, {
      metadata: { name: 'lazy' },
      provisioner: 'kmd.dev/hollow',
      volumeBindingMode: 'WaitForFirstConsumer',
    });
    await api.create(persistentVolumeClaims, claim('patient', { storageClassName: 'lazy' }));
    await api.create(persistentVolumeClaims, claim('idle', { storageClassName: 'lazy' }));
    await api.create(pods, user('first', 'patient'));
    await cluster.until(persistentVolumeClaims, 'patient', bound);
    expect((await api.get(persistentVolumeClaims, 'idle', at)).status?.phase).toBe('Pending');
  });
});

describe('claims', () => {
  it('take the smallest volume that fits, and leave it released', async () => {
    cluster = await startTestCluster();
    const { api } = cluster;
    for (const made of [
      volume('small', '500Mi'),
      volume('large', '10Gi'),
      volume('right', '2Gi'),
      volume('other', '1Gi', { storageClassName: 'other' }),
      volume('many', '1Gi', { accessModes: ['ReadOnlyMany'] }),
      volume('taken', '1Gi', { claimRef: { namespace: 'default', name: 'somebody' } }),
    ]) {
      await api.create(persistentVolumes, made);
    }
    await cluster.until(persistentVolumes, 'right', (found) => found?.status?.phase === 'Available');
    await api.create(persistentVolumeClaims, claim('mine', { storageClassName: 'manual' }));
    await cluster.until(persistentVolumeClaims, 'mine', bound);
    const mine = await api.get(persistentVolumeClaims, 'mine', at);
    expect(mine.spec?.volumeName).toBe('right');
    expect(mine.status?.capacity).toEqual({ storage: '2Gi' });
    expect(mine.metadata?.annotations).toMatchObject({ 'pv.kubernetes.io/bind-completed': 'yes' });
    expect((await api.get(persistentVolumes, 'right')).spec?.claimRef?.uid).toBe(mine.metadata?.uid);

    await api.create(persistentVolumeClaims, claim('somebody', { storageClassName: 'manual' }));
    await cluster.until(persistentVolumeClaims, 'somebody', bound);
    expect((await api.get(persistentVolumeClaims, 'somebody', at)).spec?.volumeName).toBe('taken');

    await api.delete(persistentVolumeClaims, 'mine', at);
    await cluster.until(persistentVolumes, 'right', (found) => found?.status?.phase === 'Released');
    // What was somebody's is not given to the next one.
    await api.create(persistentVolumeClaims, claim('next', { storageClassName: 'manual' }));
    await cluster.until(persistentVolumeClaims, 'next', bound);
    expect((await api.get(persistentVolumeClaims, 'next', at)).spec?.volumeName).toBe('large');
  });

  it('stay while a pod on a node uses them, and volumes while they are bound', async () => {
    cluster = await startTestCluster({ kubelet: false });
    const { api } = cluster;
    await api.create(persistentVolumes, volume('kept', '1Gi'));
    await api.create(persistentVolumeClaims, claim('used', { storageClassName: 'manual' }));
    await cluster.until(persistentVolumeClaims, 'used', bound);
    await cluster.until(persistentVolumes, 'kept', (found) => found?.status?.phase === 'Bound');
    await api.create(pods, { ...user('user', 'used'), spec: { ...user('user', 'used').spec, nodeName: 'node' } });

    await api.delete(persistentVolumes, 'kept');
    await api.delete(persistentVolumeClaims, 'used', at);
    const going = await api.get(persistentVolumeClaims, 'used', at);
    expect(going.metadata?.deletionTimestamp).toBeDefined();
    await api.delete(pods, 'user', { ...at, gracePeriodSeconds: 0 });
    await cluster.until(persistentVolumeClaims, 'used', (found) => found === undefined);
    await cluster.until(persistentVolumes, 'kept', (found) => found === undefined);
    await expect(api.get(persistentVolumes, 'kept')).rejects.toSatisfy(isNotFound);
  });
});
