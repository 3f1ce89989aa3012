import { readFileSync } from 'node:fs';

import type { Credential } from './http/gate.js';
import { isObject } from './message/shape.js';
import { badOption } from './program-flags.js';

/**
 * Reads `--credentials`: a file, or its text, with JSON (`{"credentials": [{"principal": …, "secret": …}]}`) or a principal and a
 * secret on each line (docs/authentication.md). @throws {MesosEmbeddedError} BAD_OPTION
 */
export function readCredentials(value: string): Credential[] {
  const text = /[{\s]/.test(value) ? value : read(value);
  const found = text.trimStart().startsWith('{') ? fromJson(text) : fromLines(text);
  if (found.length === 0) throw badOption('--credentials names no principal');
  return found;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw badOption(`--credentials=${path} cannot be read`);
  }
}

function fromJson(text: string): Credential[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badOption('--credentials is no JSON');
  }
  const list: readonly unknown[] = isObject(value) && Array.isArray(value['credentials']) ? value['credentials'] : [];
  return list.map((item) => {
    const { principal, secret } = isObject(item) ? item : {};
    if (typeof principal !== 'string' || typeof secret !== 'string') {
      throw badOption('--credentials holds something without a principal or a secret');
    }
    return { principal, secret };
  });
}

function fromLines(text: string): Credential[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const [principal, secret, ...more] = line.trim().split(/\s+/);
    if (principal === undefined || secret === undefined || more.length > 0) {
      throw badOption('--credentials has a line that is not a principal and a secret');
    }
    return { principal, secret };
  });
}
