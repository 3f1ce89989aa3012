import type { Kind } from '../kind.js';
import { type Column, createdColumn, nameColumn } from './column.js';

const columns: Readonly<Record<string, readonly Column[]>> = {};

const plain: readonly Column[] = [nameColumn, createdColumn];

/** The columns that `kubectl get` shows of a kind. */
export const columnsOf = (kind: Kind): readonly Column[] => columns[kind.store] ?? plain;
