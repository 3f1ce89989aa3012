import type { Kind } from '../kind.js';
import { clusterColumns } from './cluster.js';
import { type Column, createdColumn, nameColumn } from './column.js';
import { extensionColumns } from './extension.js';
import { networkColumns } from './network.js';
import { podColumns } from './pod.js';
import { workloadColumns } from './workload.js';

const columns: Readonly<Record<string, readonly Column[]>> = {
  pods: podColumns,
  ...workloadColumns,
  ...networkColumns,
  ...clusterColumns,
  ...extensionColumns,
};

const plain: readonly Column[] = [nameColumn, createdColumn];

/** The columns that `kubectl get` shows of a kind, as the real server's printers have them. */
export const columnsOf = (kind: Kind): readonly Column[] => kind.custom?.columns ?? columns[kind.store] ?? plain;
