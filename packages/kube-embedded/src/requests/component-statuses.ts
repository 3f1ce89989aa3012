import type { JsonObject } from '../json/tree.js';

/** The components a real API server would probe. Here they live in one process with the one that answers, so they are as healthy as it. */
export const componentStatuses = (): readonly JsonObject[] =>
  [
    ['controller-manager', 'ok'],
    ['etcd-0', 'ok'],
    ['scheduler', 'ok'],
  ].map(([name = '', message = '']) => ({
    kind: 'ComponentStatus',
    apiVersion: 'v1',
    metadata: { name, creationTimestamp: null },
    conditions: [{ type: 'Healthy', status: 'True', message }],
  }));
