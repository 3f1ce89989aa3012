import { nodes, waitFor } from '@kmd/kube-client';

const PATIENCE = 300_000;

const isReady = ({ status }) => status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');

/** Resolves when so many nodes are Ready. */
export const untilReady = (kube, count) =>
  waitFor(kube, nodes, {}, (all) => all.filter(isReady).length === count, { timeout: PATIENCE });
