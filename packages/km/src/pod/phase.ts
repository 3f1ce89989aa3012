import type { Pod } from '@kmd/kube-client';

/** Whether a pod has completed: nothing of it will run again. */
export const isOver = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';
