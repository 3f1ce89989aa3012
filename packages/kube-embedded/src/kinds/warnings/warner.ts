import { type JsonObject, textAt } from '../../json/tree.js';

/** What the real server says of objects of a kind that it takes all the same. */
export interface Warner {
  created?(object: JsonObject): readonly string[];
  updated?(object: JsonObject, old: JsonObject): readonly string[];
  /** Of a write of the status. */
  status?(object: JsonObject): readonly string[];
}

/** Of new objects and of changed ones alike. */
export const both = (warn: (object: JsonObject) => readonly string[]): Warner => ({ created: warn, updated: warn });

/** Of an annotation. */
export const warnOfNote = (object: JsonObject, annotation: string, why: string): readonly string[] =>
  textAt(object, 'metadata', 'annotations', annotation) === undefined
    ? []
    : [`metadata.annotations[${annotation}]: ${why}`];
