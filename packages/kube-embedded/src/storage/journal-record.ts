import { crc32 } from 'node:zlib';
import { textOf } from '../json/text.js';
import type { Write } from './memory-store.js';

/*
 * A journal is lines of text: a checksum, a space, an object of JSON. The first line is the header; as many records as it says follow that were
 * written with it, in one piece; then one record for each write since.
 */

export const format = 'kmd-kube-journal/1';
export const newline = 10;

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, '0');

/** One line, with its newline. */
export const lineOf = (text: string): string => `${checksum(text)} ${text}\n`;

/** The text of a line (without its newline) whose checksum fits. */
export function textOfLine(bytes: Buffer): string | undefined {
  const text = bytes.toString('utf8', 9);
  return bytes[8] === 32 && bytes.toString('latin1', 0, 8) === checksum(text) ? text : undefined;
}

/** @param objects how many records follow that belong to the header */
export const headerText = (version: number, objects: number): string => JSON.stringify({ format, version, objects });

export const recordText = ({ version, kind, key, object }: Write): string =>
  `{"v":${version},"k":${JSON.stringify(kind)},"n":${JSON.stringify(key)}${object === undefined ? '' : `,"o":${textOf(object)}`}}`;
