import { isAlreadyExists, isConflict, isNotFound, pods as podResource, type KubeObject } from '@kmd/kube-client';
import { createQueue, type Controller, type ControllerContext } from '../controller.js';
import { isDeleting, keyOf, nameOf, namespaceOf, splitKey, uidOf } from '../ownership.js';
import {
  persistentVolumeClaims,
  persistentVolumes,
  storageClasses,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type StorageClass,
} from './kinds.js';
import { findVolume, isFor } from './match.js';
import { hollowProvisioner, hollowVolume } from './hollow.js';

const byController = 'pv.kubernetes.io/bound-by-controller';
const bound = 'pv.kubernetes.io/bind-completed';
const provisioner = 'volume.kubernetes.io/storage-provisioner';
const isDefault = 'storageclass.kubernetes.io/is-default-class';

const name = 'persistentvolume-controller';

/**
 * Binds claims to volumes that are there, and to hollow ones that it makes for claims of classes of the hollow provisioner. Tells of each claim and volume
 * in what phase it is; a volume whose claim is gone is released, and a hollow one removed.
 */
export function createVolumeBinder(context: ControllerContext): readonly Controller[] {
  const { api, informers } = context;
  const claims = informers.of(persistentVolumeClaims);
  const volumes = informers.of(persistentVolumes);
  const classes = informers.of(storageClasses);
  const pods = informers.of(podResource);
  const events = context.recorder(name);

  const waiting = (): void => {
    for (const claim of claims.list()) if (claim.status?.phase !== 'Bound') claimQueue.add(keyOf(claim));
  };
  const ofClaim = (claim: PersistentVolumeClaim): void => {
    claimQueue.add(keyOf(claim));
    for (const volume of volumes.list()) if (isFor(volume, claim)) volumeQueue.add(nameOf(volume));
  };
  claims.subscribe({ added: ofClaim, updated: ofClaim, deleted: ofClaim });
  const ofVolume = (volume: PersistentVolume): void => {
    volumeQueue.add(nameOf(volume));
    waiting();
  };
  volumes.subscribe({ added: ofVolume, updated: ofVolume, deleted: ofVolume });
  classes.subscribe({ added: waiting, updated: waiting });
  pods.subscribe({
    added(pod) {
      for (const { persistentVolumeClaim } of pod.spec?.volumes ?? []) {
        if (persistentVolumeClaim) claimQueue.add(`${namespaceOf(pod)}/${persistentVolumeClaim.claimName}`);
      }
    },
  });

  const annotate = (object: KubeObject, ...names: string[]): Record<string, string> => ({
    ...object.metadata?.annotations,
    ...Object.fromEntries(names.map((annotation) => [annotation, 'yes'])),
  });

  /** The class of a claim; a claim that names none gets the one that is for all, even if that came later. */
  async function classOf(claim: PersistentVolumeClaim): Promise<StorageClass | undefined> {
    const wanted = claim.spec?.storageClassName;
    if (wanted !== undefined) return classes.get(undefined, wanted);
    const [newest] = classes
      .list()
      .filter(({ metadata }) => metadata?.annotations?.[isDefault] === 'true')
      .toSorted((a, b) => (b.metadata?.creationTimestamp ?? '').localeCompare(a.metadata?.creationTimestamp ?? ''));
    if (!newest) return undefined;
    await api.update(persistentVolumeClaims, { ...claim, spec: { ...claim.spec, storageClassName: nameOf(newest) } });
    return undefined;
  }

  async function provision(claim: PersistentVolumeClaim): Promise<PersistentVolume | undefined> {
    const wanted = claim.spec?.storageClassName;
    const found = await classOf(claim);
    const tell = (type: 'Normal' | 'Warning', reason: string, message: string): void =>
      events.record(claim, { type, reason, message });
    if (!found) {
      if ((wanted ?? '') !== '') {
        tell('Warning', 'ProvisioningFailed', `storageclass.storage.k8s.io "${wanted ?? ''}" not found`);
      } else {
        const message = 'no persistent volumes available for this claim and no storage class is set';
        tell('Normal', 'FailedBinding', message);
      }
      return undefined;
    }
    if (found.provisioner !== hollowProvisioner) {
      const message = `Waiting for a volume to be created either by the external provisioner '${found.provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`;
      tell('Normal', 'ExternalProvisioning', message);
      return undefined;
    }
    const volume = hollowVolume(claim, found);
    const made = await api.create(persistentVolumes, volume).catch((error: unknown) => {
      if (isAlreadyExists(error)) return api.get(persistentVolumes, nameOf(volume));
      throw error;
    });
    tell('Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${nameOf(made)}`);
    return made;
  }

  const isWaitedFor = (claim: PersistentVolumeClaim): boolean =>
    pods
      .list()
      .some(
        (pod) =>
          namespaceOf(pod) === namespaceOf(claim) &&
          pod.spec?.volumes?.some((volume) => volume.persistentVolumeClaim?.claimName === nameOf(claim)),
      );

  async function bind(key: string): Promise<void> {
    const { namespace, name: claimName } = splitKey(key);
    const claim = claims.get(namespace, claimName);
    if (!claim || isDeleting(claim)) return;
    const named = claim.spec?.volumeName ?? '';
    const found = findVolume(claim, volumes.list());
    if (!found && named !== '') {
      if (claim.metadata?.annotations?.[bound] !== undefined) await setClaimStatus(claim, { phase: 'Lost' });
      return;
    }
    if (named === '') {
      const { storageClassName = '' } = claim.spec ?? {};
      const mode = classes.get(undefined, storageClassName)?.volumeBindingMode;
      if (mode === 'WaitForFirstConsumer' && !isWaitedFor(claim)) {
        const message = 'waiting for first consumer to be created before binding';
        events.record(claim, { type: 'Normal', reason: 'WaitForFirstConsumer', message });
        return;
      }
    }
    const volume = found ?? (await provision(claim));
    if (volume) await join(claim, volume);
  }

  async function join(claim: PersistentVolumeClaim, volume: PersistentVolume): Promise<void> {
    if (volume.spec?.claimRef?.uid !== uidOf(claim)) {
      const claimRef = {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        namespace: namespaceOf(claim),
        name: nameOf(claim),
        uid: uidOf(claim),
        resourceVersion: claim.metadata?.resourceVersion ?? '',
      };
      const annotations = volume.spec?.claimRef ? { ...volume.metadata?.annotations } : annotate(volume, byController);
      const spec = { ...volume.spec, claimRef };
      await api.update(persistentVolumes, { ...volume, metadata: { ...volume.metadata, annotations }, spec });
    }
    let current = claim;
    const chosen = claim.spec?.volumeName === nameOf(volume);
    if (!chosen || claim.metadata?.annotations?.[bound] === undefined) {
      const annotations = annotate(claim, bound, ...(chosen ? [] : [byController]));
      const by = volume.metadata?.annotations?.['pv.kubernetes.io/provisioned-by'];
      if (by !== undefined) annotations[provisioner] = by;
      const spec = { ...claim.spec, volumeName: nameOf(volume) };
      current = await api.update(persistentVolumeClaims, {
        ...claim,
        metadata: { ...claim.metadata, annotations },
        spec,
      });
    }
    const { accessModes = [], capacity = {} } = volume.spec ?? {};
    await setClaimStatus(current, { phase: 'Bound', accessModes, capacity });
  }

  async function setClaimStatus(
    claim: PersistentVolumeClaim,
    status: NonNullable<PersistentVolumeClaim['status']>,
  ): Promise<void> {
    if (claim.status?.phase === status.phase) return;
    await api.update(
      persistentVolumeClaims,
      { ...claim, status },
      { subresource: 'status', namespace: namespaceOf(claim) },
    );
  }

  async function setVolumePhase(volume: PersistentVolume, phase: string): Promise<void> {
    if (volume.status?.phase === phase) return;
    await api.update(persistentVolumes, { ...volume, status: { ...volume.status, phase } }, { subresource: 'status' });
  }

  async function look(volumeName: string): Promise<void> {
    const volume = volumes.get(undefined, volumeName);
    if (!volume) return;
    const reference = volume.spec?.claimRef;
    if (reference === undefined || (reference.uid ?? '') === '') return setVolumePhase(volume, 'Available');
    const claim = claims.get(reference.namespace ?? '', reference.name ?? '');
    if (claim && isFor(volume, claim)) {
      if (claim.spec?.volumeName === volumeName) await setVolumePhase(volume, 'Bound');
      return;
    }
    await setVolumePhase(volume, 'Released');
    const isOwn = volume.metadata?.annotations?.['pv.kubernetes.io/provisioned-by'] === hollowProvisioner;
    if (isOwn && volume.spec?.persistentVolumeReclaimPolicy === 'Delete' && !isDeleting(volume))
      await api.delete(persistentVolumes, volumeName);
  }

  const quietly =
    (work: (key: string) => Promise<void>) =>
    (key: string): Promise<void> =>
      work(key).catch((error: unknown) => {
        // What changed meanwhile is told of, and looked at again.
        if (!isConflict(error) && !isNotFound(error)) throw error;
      });
  const claimQueue = createQueue(context, name, { reconcile: quietly(bind) });
  const volumeQueue = createQueue(context, `${name}-phases`, { reconcile: quietly(look) });
  const needs = [claims, volumes, classes, pods];
  return [
    { name, queue: claimQueue, needs },
    { name: `${name}-phases`, queue: volumeQueue, needs },
  ];
}
