import type { KubeObject } from '../data/collection.js';
import type { TaskView } from '../../mesos-view.js';

/* Where this page shows things. */

export const hrefOfTask = ({ id }: Pick<TaskView, 'id'>): string => `/mesos/tasks/${encodeURIComponent(id)}`;
export const hrefOfAgent = (id: string): string => `/mesos/agents/${encodeURIComponent(id)}`;
export const hrefOfFramework = (id: string): string => `/mesos/frameworks/${encodeURIComponent(id)}`;
export const hrefOfNode = (name: string): string => `/nodes/${encodeURIComponent(name)}`;

export const hrefOf = (kind: { id: string; namespaced: boolean }, { metadata = {} }: KubeObject): string => {
  const place = kind.namespaced ? [metadata.namespace, metadata.name] : [metadata.name];
  return ['', kind.id, ...place.map((piece = '') => encodeURIComponent(piece))].join('/');
};
