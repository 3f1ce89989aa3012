import { readFile, rm } from 'node:fs/promises';
import { isMissing, replaceFile } from '../storage/replace-file.js';
import { FrameworkStoreError } from './errors.js';

/**
 * Keeps the framework id over restarts, so that a new process takes its tasks over. `save` has resolved before SUBSCRIBED is delivered:
 * no task can be launched under an id that is not kept.
 */
export interface FrameworkStore {
  load(): Promise<string | undefined>;
  save(frameworkId: string): Promise<void>;
  /** The id is dead: the framework was removed. */
  clear(): Promise<void>;
}

/** Keeps the id as long as the process lives: a restart begins a new framework. */
export class MemoryFrameworkStore implements FrameworkStore {
  #frameworkId: string | undefined;

  constructor(frameworkId?: string) {
    this.#frameworkId = frameworkId;
  }

  load(): Promise<string | undefined> {
    return Promise.resolve(this.#frameworkId);
  }

  save(frameworkId: string): Promise<void> {
    this.#frameworkId = frameworkId;
    return Promise.resolve();
  }

  clear(): Promise<void> {
    this.#frameworkId = undefined;
    return Promise.resolve();
  }
}

/** Keeps the id in a file of one line, replaced in one step: a crash leaves the old file or the new one. */
export class FileFrameworkStore implements FrameworkStore {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async load(): Promise<string | undefined> {
    try {
      return (await readFile(this.#path, 'utf8')).trim() || undefined;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw new FrameworkStoreError(this.#path, 'read', error);
    }
  }

  async save(frameworkId: string): Promise<void> {
    try {
      await replaceFile(this.#path, `${frameworkId}\n`);
    } catch (error) {
      throw new FrameworkStoreError(this.#path, 'written', error);
    }
  }

  async clear(): Promise<void> {
    try {
      await rm(this.#path, { force: true });
    } catch (error) {
      throw new FrameworkStoreError(this.#path, 'removed', error);
    }
  }
}
