import { mkdir, open, readFile, truncate, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isMissing, replaceFile } from '../storage/replace-file.js';
import { TaskStoreError } from './errors.js';
import type { TaskRecord, TaskStore } from './task-store.js';

/** Lines that may be outdated before the journal is written anew. */
const SLACK = 1000;

interface Waiting {
  lines: string;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Keeps tasks in a journal: a file of one JSON object a line, `{"save":{…}}` or `{"remove":"id"}`, synced to the disk before a call
 * resolves. Calls made while the disk is busy share the next sync. Lines cut short by a crash are dropped, they were never confirmed; the
 * journal is written anew when most of it is outdated. One process at a time may use a file.
 */
export class FileTaskStore implements TaskStore {
  readonly #path: string;
  readonly #records = new Map<string, TaskRecord>();
  #loading: Promise<void> | undefined;
  #file: FileHandle | undefined;
  #lines = 0;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Throws `TaskStoreError` for a file that is no such journal. */
  async load(): Promise<TaskRecord[]> {
    await this.#load();
    return [...this.#records.values()];
  }

  async save(records: readonly TaskRecord[]): Promise<void> {
    await this.#load();
    for (const record of records) this.#records.set(record.taskId, record);
    await this.#append(records.map((record) => JSON.stringify({ save: record })));
  }

  async remove(taskIds: readonly string[]): Promise<void> {
    await this.#load();
    const known = taskIds.filter((id) => this.#records.delete(id));
    await this.#append(known.map((id) => JSON.stringify({ remove: id })));
  }

  /** Waits for what is being written, and closes the file. */
  async close(): Promise<void> {
    while (this.#writing) await this.#writing;
    await this.#file?.close();
    this.#file = undefined;
    this.#loading = undefined;
    this.#records.clear();
  }

  #load(): Promise<void> {
    return (this.#loading ??= this.#read().catch((error: unknown) => {
      this.#loading = undefined;
      throw error;
    }));
  }

  async #read(): Promise<void> {
    const text = await readFile(this.#path, 'utf8').catch((error: unknown) => {
      if (isMissing(error)) return '';
      throw this.#failure('read', error);
    });
    const lines = text.split('\n');
    // What follows the last line feed was cut short.
    const rest = lines.pop() ?? '';
    this.#records.clear();
    for (const [index, line] of lines.entries()) this.#apply(line, index + 1);
    this.#lines = lines.length;
    if (rest !== '') {
      const bytes = Buffer.byteLength(text) - Buffer.byteLength(rest);
      // Before anything is appended to it.
      await truncate(this.#path, bytes).catch((error: unknown) => {
        throw this.#failure('mended', error);
      });
    }
  }

  #apply(line: string, number: number): void {
    const entry = parseEntry(line);
    if (!entry) {
      const advice = 'is it the file of another program? move it away, and reconcile';
      throw new TaskStoreError(`${this.#path}:${number}`, 'this line is no entry of a task journal', advice);
    }
    if ('remove' in entry) this.#records.delete(entry.remove);
    else this.#records.set(entry.save.taskId, entry.save);
  }

  #append(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#lines += lines.length;
    this.#waiting.push({ lines: lines.map((line) => `${line}\n`).join(''), resolve, reject });
    this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
    return promise;
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0);
      try {
        if (this.#lines > 2 * this.#records.size + SLACK) await this.#rewrite();
        else {
          this.#file ??= await this.#open();
          await this.#file.appendFile(batch.map(({ lines }) => lines).join(''));
          await this.#file.datasync();
        }
        for (const { resolve } of batch) resolve();
      } catch (error) {
        const failure = this.#failure('written', error);
        // Half a line may have been written: the next entry must not follow it.
        this.#lines = Infinity;
        await this.#file?.close().catch(() => undefined);
        this.#file = undefined;
        for (const { reject } of batch) reject(failure);
      }
    }
  }

  async #open(): Promise<FileHandle> {
    await mkdir(dirname(this.#path), { recursive: true });
    return open(this.#path, 'a', 0o600);
  }

  async #rewrite(): Promise<void> {
    const records = [...this.#records.values()];
    await replaceFile(this.#path, records.map((record) => `${JSON.stringify({ save: record })}\n`).join(''));
    this.#lines = records.length;
    await this.#file?.close();
    this.#file = undefined;
  }

  #failure(action: string, cause: unknown): TaskStoreError {
    const reason = `the tasks cannot be ${action} (${cause instanceof Error ? cause.message : String(cause)})`;
    return new TaskStoreError(this.#path, reason, 'check the folder, its rights and its space', cause);
  }
}

function parseEntry(line: string): { save: TaskRecord } | { remove: string } | undefined {
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof entry !== 'object' || entry === null) return undefined;
  if ('remove' in entry && typeof entry.remove === 'string') return { remove: entry.remove };
  return 'save' in entry && isRecord(entry.save) ? { save: entry.save } : undefined;
}

function isRecord(value: unknown): value is TaskRecord {
  return (
    typeof value === 'object' &&
    value !== null &&
    'taskId' in value &&
    typeof value.taskId === 'string' &&
    'agentId' in value &&
    typeof value.agentId === 'string'
  );
}
