import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { MesosEmbeddedError } from '../../errors.js';
import { isObject } from '../../message/shape.js';
import type { Registry } from './registry.js';

const lists = ['agents', 'unreachable', 'gone', 'quotas', 'weights', 'down'];

/** Keeps a registry in a file of one JSON object, replaced in one step: a crash leaves the old one or the new one. */
export class RegistryFile {
  readonly #path: string;
  #kept: string | undefined;

  /** @throws {MesosEmbeddedError} when the folder cannot be made. */
  constructor(workDir: string) {
    this.#path = join(workDir, 'registry.json');
    this.#attempt('made', () => mkdirSync(workDir, { recursive: true }));
  }

  /** Undefined where no master has kept anything. @throws {MesosEmbeddedError} for a file that is no registry. */
  load(): Registry | undefined {
    const text = this.#attempt('read', () => {
      try {
        return readFileSync(this.#path, 'utf8');
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      }
    });
    if (text === undefined) return undefined;
    const registry = this.#attempt('read', () => parse(text));
    this.#kept = text;
    return registry;
  }

  /** On the disk when it returns; nothing is done where nothing has changed. @throws {MesosEmbeddedError} */
  save(registry: Registry): void {
    const text = JSON.stringify(registry);
    if (text === this.#kept) return;
    const next = `${this.#path}.new`;
    this.#attempt('written', () => {
      try {
        writeFileSync(next, text, { flush: true });
        renameSync(next, this.#path);
      } catch (error) {
        rmSync(next, { force: true });
        throw error;
      }
    });
    this.#kept = text;
  }

  #attempt<Result>(what: string, work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new MesosEmbeddedError(
        'WORK_DIRECTORY',
        `The master's registry ${this.#path} cannot be ${what}: ${why}. Choose a folder that can be written and holds no other program's files.`,
        { cause: error },
      );
    }
  }
}

/** This package alone writes the file: whatever else it is, is another program's. */
function parse(text: string): Registry {
  const value: unknown = JSON.parse(text);
  const fits = isObject(value) && isObject(value['schedule']) && lists.every((name) => Array.isArray(value[name]));
  if (!fits) throw new Error('it is no registry');
  return value as unknown as Registry;
}
