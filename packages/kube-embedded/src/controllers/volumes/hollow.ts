import { isAlreadyExists } from '@kmd/kube-client';
import { createQueue, type Controller, type ControllerContext } from '../controller.js';
import { nameOf, namespaceOf, uidOf } from '../ownership.js';
import { storageClasses, type PersistentVolume, type PersistentVolumeClaim, type StorageClass } from './kinds.js';

/** Whose volumes are made here: entries without anything behind them. */
export const hollowProvisioner = 'kmd.dev/hollow';

const className = 'standard';

/** Makes the default storage class of a hollow cluster, `standard`, unless there is a class of that name. */
export function createHollowClassController(context: ControllerContext): Controller {
  const name = 'hollow-storage-class-controller';
  const queue = createQueue(context, name, {
    async reconcile() {
      const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' };
      const made = { metadata: { name: className, annotations }, provisioner: hollowProvisioner };
      await context.api.create(storageClasses, made).catch((error: unknown) => {
        if (!isAlreadyExists(error)) throw error;
      });
    },
  });
  queue.add(className);
  return { name, queue, needs: [] };
}

/** A volume for a claim, as large as it asks for. */
export function hollowVolume(claim: PersistentVolumeClaim, storageClass: StorageClass): PersistentVolume {
  const name = `pvc-${uidOf(claim)}`;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, annotations: { 'pv.kubernetes.io/provisioned-by': hollowProvisioner } },
    spec: {
      capacity: { storage: claim.spec?.resources?.requests?.['storage'] ?? '0' },
      accessModes: claim.spec?.accessModes ?? [],
      volumeMode: claim.spec?.volumeMode ?? 'Filesystem',
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
      storageClassName: nameOf(storageClass),
      claimRef: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        namespace: namespaceOf(claim),
        name: nameOf(claim),
        uid: uidOf(claim),
      },
      hostPath: { path: `/var/lib/kmd/volumes/${name}`, type: 'DirectoryOrCreate' },
    },
  };
}
