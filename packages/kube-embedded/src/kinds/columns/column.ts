import { type Json, type JsonObject, textAt } from '../../json/tree.js';
import { ageOf } from './duration.js';

/** One column of `kubectl get`. Columns with a priority show only in the wide form. */
export interface Column {
  /** Empty where only cells are shown. */
  readonly name: string;
  readonly type: 'string' | 'integer' | 'boolean' | 'date';
  readonly format?: string;
  readonly priority?: number;
  cell(object: JsonObject, now: Date): Json;
}

export const text = (name: string, cell: (object: JsonObject, now: Date) => Json): Column => ({
  name,
  type: 'string',
  cell,
});

export const count = (name: string, cell: (object: JsonObject, now: Date) => Json): Column => ({
  name,
  type: 'integer',
  cell,
});

export const truth = (name: string, cell: (object: JsonObject, now: Date) => Json): Column => ({
  name,
  type: 'boolean',
  cell,
});

export const wide = (column: Column): Column => ({ ...column, priority: 1 });

export const nameColumn: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  cell: (object) => textAt(object, 'metadata', 'name') ?? '',
};

export const ageColumn: Column = text('Age', (object, now) =>
  ageOf(textAt(object, 'metadata', 'creationTimestamp'), now),
);

export const createdColumn: Column = {
  name: 'Created At',
  type: 'date',
  cell: (object) => textAt(object, 'metadata', 'creationTimestamp') ?? '',
};
