import { container } from '../sequences/samples.js';
import { ns, post } from '../sequences/steps.js';
import { events, gone, one, status } from './looks.js';
import type { Story } from './story.js';

const claims = `${ns}/persistentvolumeclaims`;
const volumes = '/api/v1/persistentvolumes';
/** Volumes have no namespace: those of a story are of a class of its own. */
const volume = (name: string, storage: string) =>
  post(volumes, {
    metadata: { name: `${name}-{ns}` },
    spec: {
      capacity: { storage },
      accessModes: ['ReadWriteOnce'],
      storageClassName: '{ns}',
      hostPath: { path: '/tmp/{ns}' },
    },
  });
const claim = (name: string, storageClassName: string) =>
  post(claims, {
    metadata: { name },
    spec: { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage: '1Gi' } } },
  });
const remove = (path: string) => ({ method: 'DELETE', path, query: { gracePeriodSeconds: '0' } }) as const;
const leaving = (path: string) => one(path, (found) => found.metadata?.deletionTimestamp !== undefined);

/** Claims and volumes: what is bound to what, what stays while it is used, and what is left. */
export const storiesOfStorage: readonly Story[] = [
  {
    name: 'a claim takes a volume',
    steps: [
      volume('small', '500Mi'),
      volume('large', '9Gi'),
      volume('right', '2Gi'),
      status(`${volumes}/right-{ns}`, { phase: 'Available' }),
      claim('one', '{ns}'),
      status(`${claims}/one`, { phase: 'Bound' }),
      status(`${volumes}/right-{ns}`, { phase: 'Bound' }),
      status(`${volumes}/large-{ns}`, { phase: 'Available' }),
      remove(`${claims}/one`),
      gone(`${claims}/one`),
      status(`${volumes}/right-{ns}`, { phase: 'Released' }),
    ],
  },
  {
    name: 'what is used stays',
    steps: [
      volume('only', '2Gi'),
      claim('one', '{ns}'),
      status(`${claims}/one`, { phase: 'Bound' }),
      status(`${volumes}/only-{ns}`, { phase: 'Bound' }),
      post(`${ns}/pods`, {
        metadata: { name: 'user' },
        spec: {
          nodeName: 'nowhere',
          containers: [container],
          volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'one' } }],
        },
      }),
      remove(`${volumes}/only-{ns}`),
      remove(`${claims}/one`),
      leaving(`${claims}/one`),
      leaving(`${volumes}/only-{ns}`),
      remove(`${ns}/pods/user`),
      gone(`${claims}/one`),
      gone(`${volumes}/only-{ns}`),
    ],
  },
  {
    name: 'a claim of a class that is not there',
    steps: [
      claim('one', 'nothing-{ns}'),
      events('PersistentVolumeClaim', 'ProvisioningFailed'),
      status(`${claims}/one`, { phase: 'Pending' }),
    ],
  },
  {
    name: 'a claim without a class',
    steps: [
      claim('one', ''),
      events('PersistentVolumeClaim', 'FailedBinding'),
      status(`${claims}/one`, { phase: 'Pending' }),
    ],
  },
];
